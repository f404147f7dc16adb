// Each behaviour is bound by a data attribute; the page works without any of them.
import "./behaviours/announce.js";
import "./behaviours/autosave.js";
import "./behaviours/editor-copy.js";
import "./behaviours/editor-files.js";
import "./behaviours/editor-limits.js";
import "./behaviours/editor-mentions.js";
import "./behaviours/editor-preview.js";
import "./behaviours/editor-tools.js";
import "./behaviours/chooses.js";
import "./behaviours/copy.js";
import "./behaviours/find.js";
import "./behaviours/reveal.js";
import "./behaviours/sending.js";
import "./behaviours/shortcuts.js";
import "./behaviours/theme.js";
import "./behaviours/zone.js";
