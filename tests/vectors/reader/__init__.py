"""A second reader of bundles, written from `docs/bundle-format.md` alone, to hold the product and the vectors against.

It imports nothing of PartnerNet and does everything in the plainest way, however slow. Anybody may copy it.
"""
