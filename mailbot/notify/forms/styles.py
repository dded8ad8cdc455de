"""How a form looks: dark on white, 12 points, no meaning by colour alone. Kept apart from what it says."""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
_LINE = 'w:val="single" w:sz="4" w:space="0" w:color="595959"'
_BAR = 'w:val="single" w:sz="24" w:space="8" w:color="8B0000"'


def _paragraph_style(name: str, title: str, paragraph: str, run: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{title}"/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


STYLES = (
    f'<w:styles xmlns:w="{_WORD}"><w:docDefaults>'
    f'<w:rPrDefault><w:rPr>{_FONT}<w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    + _paragraph_style("Council", "Council", '<w:spacing w:after="0"/>', '<w:color w:val="404040"/>')
    + _paragraph_style(
        "Title", "Title", '<w:keepNext/><w:spacing w:after="160"/>', '<w:b/><w:sz w:val="40"/><w:szCs w:val="40"/>'
    )
    + _paragraph_style(
        "Heading1",
        "heading 1",
        '<w:keepNext/><w:spacing w:before="320" w:after="120"/><w:outlineLvl w:val="0"/>',
        '<w:b/><w:color w:val="1F3864"/><w:sz w:val="30"/><w:szCs w:val="30"/>',
    )
    + _paragraph_style(
        "Important",
        "Important",
        f'<w:pBdr><w:left {_BAR}/></w:pBdr><w:spacing w:before="160" w:after="200"/><w:ind w:left="200"/>',
        "<w:b/>",
    )
    + _paragraph_style("Question", "Question", '<w:spacing w:before="60" w:after="60"/>', "<w:b/>")
    + _paragraph_style(
        "Hint", "Hint", '<w:spacing w:after="60"/>', '<w:color w:val="404040"/><w:sz w:val="20"/><w:szCs w:val="20"/>'
    )
    + _paragraph_style("Narrow", "Narrow", '<w:spacing w:after="0"/>', '<w:sz w:val="22"/><w:szCs w:val="22"/>')
    + _paragraph_style("Footer", "footer", "", '<w:color w:val="404040"/><w:sz w:val="20"/><w:szCs w:val="20"/>')
    + '<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/>'
    '<w:rPr><w:color w:val="595959"/></w:rPr></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
    '<w:tblCellMar><w:left w:w="115" w:type="dxa"/><w:right w:w="115" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:styleId="Form"><w:name w:val="Form"/><w:basedOn w:val="TableNormal"/>'
    '<w:pPr><w:spacing w:before="60" w:after="60"/></w:pPr><w:tblPr><w:tblBorders>'
    f"<w:top {_LINE}/><w:left {_LINE}/><w:bottom {_LINE}/><w:right {_LINE}/><w:insideH {_LINE}/><w:insideV {_LINE}/>"
    "</w:tblBorders></w:tblPr></w:style></w:styles>"
)

SETTINGS = (
    f'<w:settings xmlns:w="{_WORD}"><w:defaultTabStop w:val="720"/><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-GB"/></w:settings>'
)
