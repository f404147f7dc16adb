"""What README.txt in a bundle says to whoever finds it."""

README = """\
This is a bundle of PartnerNet: a copy of what a network of organisations wrote, made on {day}{by}.

It holds {ops} signed statements (somebody wrote, changed or removed something) and {files} attached files.

To read it without PartnerNet: unpack it, and open data/readable.html in any browser, on a telephone as well. It
needs no internet and runs no programs. The attached files are in data/blobs, named after their SHA-256. Programs
read data/ops.jsonl: one statement on each line, as JSON; the words are under b, set. bundle.json says what else is
here and what was left out, and why.

To read it with PartnerNet: sign in as a steward, open Exchange, and choose this file; or run
    partnernet import {name}.pn.zip
Nothing is changed before you have seen what is in it and said yes.

Where a bundle was divided into several files, each can be taken in by itself, in any order.

To check that nothing was damaged on the way, unpack it and run, in its folder,
    sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt
"""
