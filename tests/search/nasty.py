"""What people, programs and the ill-disposed type into a search box."""

NASTY = [
    "", " ", "\0", "\n\n", "\u200b", "\ufeff", "a", "*", "?", "~", "-", "--", "---", ":", "::", '"', '""', '"""', "'",
    "''", "`", "(", ")", "((((", "))))", "[", "]", "{", "}", "\\", "\\\\", "/", "//", "|", "||", "&", "&&", "^", "$",
    "#", "@", "%", "%00", "%s%s%n", "=", "<", ">", "<script>alert(1)</script>", "<b>hall", "&lt;hall&gt;", "{{ 7*7 }}",
    "${7*7}", "'; drop table entry; --", '" or ""="', "hall*", "*hall", "h?ll", "hall~9", "hall~2/3", "hall^99999",
    "[a TO z]", "[* TO *]", "{a TO}", "title:hall", "text:hall", "id:*", "log:network", "kind:", "kind: news",
    "kind:*", 'kind:""', 'kind:"', "by:", 'by:"', "by:*", "partner:%", "partner:_", "in:", "in:circle:x", "in:" + "a" * 60,
    "in:aaaaaaaaaaaa%", "before:", "after:tomorrow", "before:99999-01-01", "before:-1", "after:0001-01-01",
    "AND", "OR", "NOT", "AND OR NOT", "hall AND NOT press", "NOT NOT NOT hall", "+hall -press", "-hall", "-hall -press",
    '-"hall', '"hall', 'hall"', '"hall "press" hall"', '"-hall"', '-"-hall"', "--hall", "kind:news kind:idea -kind:news",
    "(" * 5_000, "[" * 3_000 + "a", '"a" ' * 500, "-a " * 500, "kind:a " * 300, "a* " * 60, "hall~ " * 12,
    "x" * 200_000, "hall " * 40_000, " ".join(f"w{n}" for n in range(900)), "é" * 3_999, "e\u0301" * 1_999, "\u0301" * 900,
    "東京 大阪", "مرحبا", "שלום", "हॉल", "🎭🎭", "ﬁne ﬂour", "İstanbul", "ß", "\ud800", "hall\udfffpress", "\x1b[31m", "\r\nSet-Cookie: a=b",
]  # fmt: skip
assert len(NASTY) >= 60
