"""PartnerNet: a partnership network's shared memory and meeting place."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app(settings: Mapping[str, Any] | None = None) -> "Flask":
    """Make the app of one node; its folder, key and database are made where they are missing."""
    from dataclasses import replace

    from flask import Flask

    from partnernet import config
    from partnernet.backups.alarms import raise_exchanged
    from partnernet.core import migrate
    from partnernet.core.batch import Batch
    from partnernet.core.consumers import subscribe
    from partnernet.core.db import db, optimise
    from partnernet.core.files import Files
    from partnernet.core.ledger.compaction import compact_after_erasure, empty_log_after_erasure
    from partnernet.core.ledger.node import open_node
    from partnernet.core.ledger.state import settle
    from partnernet.features import FEATURES
    from partnernet.models import load_all
    from partnernet.network.model import OWN, setting
    from partnernet.web import (
        compress,
        errors,
        guard,
        headers,
        hosts,
        jinja,
        language,
        navigation,
        offline,
        shortcuts,
        static,
    )

    app = Flask("partnernet", static_folder=None, template_folder=str(config.assets("templates")))
    app.config.from_mapping(config.load(settings))

    load_all()
    db.init_app(app)
    with app.app_context():
        migrate.upgrade(db.engine, app.config["DATA"])
        network = setting(db.session(), OWN)
        node = replace(open_node(app.config["DATA"]), network=network or None)
        app.extensions["partnernet.node"], app.extensions["partnernet.doubt"] = settle(
            db.session(), app.config["DATA"], node
        )
        if (doubt := app.extensions["partnernet.doubt"]) and not app.config.get("LAID_OUT"):
            raise_exchanged(db.session(), doubt)
        db.session.remove()
    app.extensions["partnernet.batch"] = Batch()
    app.extensions["partnernet.files"] = Files(app.config["DATA"] / "files")

    hosts.init_app(app)
    headers.init_app(app)
    compress.init_app(app)
    guard.init_app(app)
    errors.init_app(app)
    language.init_app(app)
    jinja.init_app(app)
    static.init_app(app)
    shortcuts.init_app(app)
    offline.init_app(app)
    navigation.init_app(app, FEATURES)

    chores = (chore for feature in FEATURES for chore in feature.chores)
    app.extensions["partnernet.chores"] = [optimise, *chores, compact_after_erasure]
    rounds = (each for feature in FEATURES for each in feature.rounds)
    app.extensions["partnernet.rounds"] = [*rounds, empty_log_after_erasure]
    for feature in FEATURES:
        if feature.blueprint is not None:
            app.register_blueprint(feature.blueprint)
        for consumer in feature.consumers:
            subscribe(consumer)
        if feature.init_app is not None:
            feature.init_app(app)
    return app
