"""The jobs: the one place where the pure steps meet the store and the wire.

``poll`` looks into the mailboxes, ``take_in`` commits one message, ``follow`` follows the duties, ``send`` empties
the outbox, ``digests`` writes to the IG Team, ``health`` tells that the bot lives. Each job does one due item, says
whether it found one, and goes round again; what is due is always asked of the store.
"""
