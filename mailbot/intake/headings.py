"""The words with which mail programs head a mail that they quote or send on: ``From: … Sent: … Subject: …``."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "from": ("from", "von", "de", "da", "van", "od", "fra", "från", "lähettäjä", "от", "от кого", "oddi wrth"),
    "date": (
        "sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviada em", "fecha", "data", "inviato", "verzonden",
        "sendt", "dato", "skickat", "lähetetty", "wysłano", "odesláno", "дата", "отправлено", "anfonwyd",
    ),
    "subject": (
        "subject", "betreff", "objet", "sujet", "asunto", "assunto", "oggetto", "onderwerp", "emne", "ämne", "aihe",
        "temat", "předmět", "тема", "pwnc",
    ),
    "other": (
        "to", "cc", "bcc", "reply-to", "importance", "attachments", "an", "kopie", "à", "a", "copie à", "message du",
        "para", "aan", "til", "till", "kopia", "vastaanottaja", "risposta", "do", "dw", "komu", "кому", "at",
    ),
}  # fmt: skip
"""What a heading names → its label in the languages in which reports come."""
