"""mailbot: what it does with an email, in the order in which the email meets it.

====================  =============================================================================
``transport/imap``    looks into the shared mailboxes and hands over what is ours, untouched
``intake``            bytes → ``InboundEmail``: is it ours, what kind, who sent it, what do they say
``parse``             mail and form → ``Reading``: every answer with its source; dates, counts, labels
``reader``            the two steps above, one after the other; they read what strangers sent, so
                      ``transport/sandbox`` runs them in a process of its own
``triage``            → ``Triage``: which desk acts, how grave it looks, and why (para 28)
``procedure``         Incident + Event + now → ``Decision``: duties, clocks, ladders, who is told
``notify``            Notice → ``OutgoingEmail`` → exact bytes, in the view its reader may have
``letters``           recipients + wording → one letter each, as text, page, mail and sheet (paras 72, 73)
``pipeline``          the steps above, one after the other: what is known of a mail → what follows from it
``store``             one commit of mail, incident, duties, history and outbox
``press``             sheets of letters → tagged PDF, and drafts in a folder
``transport/smtp``    one recipient per message, and what became of it
====================  =============================================================================

Around them: ``jobs`` is where the steps meet the store and the wire, ``schedule`` the heartbeat that
calls the jobs, ``app`` the wiring, ``settings`` and ``resources`` what a council configures, ``checks``
what it can ask before going live, ``cli`` the commands. ``terms``, ``assessment``, ``investigation``,
``notifications``, ``incident``, ``letter``, ``mail`` and ``organisation`` are the vocabulary; ``ports`` what the bot asks of the world; ``testing`` doubles for it; ``demo`` three stories;
``rehearsal`` a year with the council's own configuration;
``holder`` names one run of the bot, so that the next can tell that it is over.

The steps (``intake parse triage procedure notify letters report``) take values and return values. They know no
clock, network, disk or database, and each knows only the steps before it.
"""

__version__ = "0.1.0"
