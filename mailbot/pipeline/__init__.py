"""The way of an email, once it has been read (``reader``): triage, procedure, notices. Values in, values out.

``decide`` asks its questions in order; ``outcome`` has the values either side of it. ``reporter`` says who reported,
``proof`` whether an answer comes from the person asked, ``reply`` what it says, ``later`` what new facts change,
``returned`` what a bounce or an absence means, ``shown`` what a desk is shown when a person must look.
"""
