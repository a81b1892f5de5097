"""The fixed parts of a Word file: content types, relations, and a picture that floats over the text."""

from __future__ import annotations

EMU_PER_MM = 36000
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"

NAMESPACES = (
    "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' "
    f"xmlns:r='{_OFFICE}' xmlns:wp='{_DRAWING}/wordprocessingDrawing' xmlns:a='{_DRAWING}/main' "
    f"xmlns:pic='{_DRAWING}/picture'"
)
CONTENT_TYPES = (
    f"<Types xmlns='{_PACKAGE}/content-types'>"
    "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
    "<Default Extension='xml' ContentType='application/xml'/><Default Extension='png' ContentType='image/png'/>"
    f"<Override PartName='/word/document.xml' ContentType='{_WORD}.document.main+xml'/>"
    f"<Override PartName='/word/styles.xml' ContentType='{_WORD}.styles+xml'/>"
    f"<Override PartName='/word/footer1.xml' ContentType='{_WORD}.footer+xml'/>"
    f"<Override PartName='/word/header1.xml' ContentType='{_WORD}.header+xml'/></Types>"
)
RELATIONS = (
    f"<Relationships xmlns='{_PACKAGE}/relationships'>"
    f"<Relationship Id='rId1' Type='{_OFFICE}/officeDocument' Target='word/document.xml'/></Relationships>"
)
DOCUMENT_RELATIONS = (
    f"<Relationships xmlns='{_PACKAGE}/relationships'>"
    f"<Relationship Id='rId1' Type='{_OFFICE}/styles' Target='styles.xml'/>"
    f"<Relationship Id='rId2' Type='{_OFFICE}/footer' Target='footer1.xml'/>"
    f"<Relationship Id='rId3' Type='{_OFFICE}/header' Target='header1.xml'/>"
    f"<Relationship Id='rId4' Type='{_OFFICE}/image' Target='media/seal.png'/></Relationships>"
)


def anchored_picture(side_mm: float) -> str:
    """A run with the picture of relation rId4, a square in front of the text at the right margin, 15 mm higher."""
    side = round(side_mm * EMU_PER_MM)
    extent = f"cx='{side}' cy='{side}'"
    return (
        "<w:r><w:drawing><wp:anchor distT='0' distB='0' distL='0' distR='0' simplePos='0' relativeHeight='2' "
        "behindDoc='0' locked='0' layoutInCell='1' allowOverlap='1'><wp:simplePos x='0' y='0'/>"
        "<wp:positionH relativeFrom='column'><wp:align>right</wp:align></wp:positionH>"
        f"<wp:positionV relativeFrom='paragraph'><wp:posOffset>{-2 * EMU_PER_MM}</wp:posOffset></wp:positionV>"
        f"<wp:extent {extent}/><wp:effectExtent l='0' t='0' r='0' b='0'/><wp:wrapNone/>"
        "<wp:docPr id='1' name='seal'/><wp:cNvGraphicFramePr/>"
        f"<a:graphic><a:graphicData uri='{_DRAWING}/picture'><pic:pic><pic:nvPicPr><pic:cNvPr id='1' name='seal'/>"
        "<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed='rId4'/><a:stretch><a:fillRect/></a:stretch>"
        f"</pic:blipFill><pic:spPr><a:xfrm><a:off x='0' y='0'/><a:ext {extent}/></a:xfrm>"
        "<a:prstGeom prst='rect'><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>"
        "</wp:anchor></w:drawing></w:r>"
    )
