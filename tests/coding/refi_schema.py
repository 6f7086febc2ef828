"""The structure that the REFI-QDA schemas (18 March 2019) ask for, as far as our files use it, as an XML schema.

Each element: its children in order, with ? for at most one, * for any number, + for one or more; its attributes, with !
where required. Made anew from the published structure; the official schemas are at qdasoftware.org.
"""

from lxml import etree

GUID = (
    r"([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})|"
    r"(\{[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\})"
)
AUDIT = "creatingUser:guid creationDateTime:dateTime modifyingUser:guid modifiedDateTime:dateTime"
SOURCE = (
    "Description? PlainTextContent? PlainTextSelection* Coding* NoteRef* VariableValue*",
    f"guid:guid! name:string richTextPath:string plainTextPath:string {AUDIT}",
)
REF = ("", "targetGUID:guid!")
CODE = ("Description? NoteRef* Code*", "guid:guid! name:string! isCodable:boolean! color:string")

PROJECT = {
    "Project": (
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*",
        "name:string! origin:string creatingUserGUID:guid creationDateTime:dateTime modifyingUserGUID:guid "
        "modifiedDateTime:dateTime basePath:string",
    ),
    "Users": ("User+", ""),
    "User": ("", "guid:guid! name:string id:string"),
    "CodeBook": ("Codes", ""),
    "Codes": ("Code+", ""),
    "Code": CODE,
    "Variables": ("Variable+", ""),
    "Variable": ("Description?", "guid:guid! name:string! typeOfVariable:variable!"),
    "Cases": ("Case+", ""),
    "Case": ("Description? CodeRef* VariableValue* SourceRef* SelectionRef*", "guid:guid! name:string"),
    "VariableValue": ("VariableRef TextValue? IntegerValue?", ""),
    "Sources": ("TextSource+", ""),
    "TextSource": SOURCE,
    "Note": SOURCE,
    "Notes": ("Note+", ""),
    "PlainTextSelection": (
        "Description? Coding* NoteRef*",
        f"guid:guid! name:string startPosition:integer! endPosition:integer! {AUDIT}",
    ),
    "Coding": ("CodeRef NoteRef*", "guid:guid! creatingUser:guid creationDateTime:dateTime"),
    "Sets": ("Set+", ""),
    "Set": ("Description? MemberCode* MemberSource* MemberNote*", "guid:guid! name:string!"),
    **dict.fromkeys(
        ("VariableRef", "CodeRef", "NoteRef", "SourceRef", "SelectionRef", "MemberCode", "MemberSource", "MemberNote"),
        REF,
    ),
}
CODEBOOK = {
    "CodeBook": ("Codes Sets?", "origin:string"),
    "Codes": ("Code+", ""),
    "Code": ("Description? Code*", CODE[1]),
    "Sets": ("Set+", ""),
    "Set": ("Description? MemberCode*", "guid:guid! name:string!"),
    "MemberCode": ("", "guid:guid!"),
}
SIMPLE = {
    "Description": "string", "PlainTextContent": "string", "TextValue": "string", "IntegerValue": "integer",
    "Links": "string", "Graphs": "string",
}  # fmt: skip
_TIMES = {"?": 'minOccurs="0"', "*": 'minOccurs="0" maxOccurs="unbounded"', "+": 'maxOccurs="unbounded"'}


def schema(elements: dict, namespace: str, root: str) -> etree.XMLSchema:
    """The elements as an XML schema for files of that namespace and root."""
    parts = []
    for name, (children, attributes) in elements.items():
        inside = ""
        for child in children.split():
            bare = child.rstrip("?*+")
            kind = f"xs:{SIMPLE[bare]}" if bare in SIMPLE else f"t:{bare}Type"
            inside += f'<xs:element name="{bare}" type="{kind}" {_TIMES.get(child[len(bare) :], "")}/>'
        said = ""
        for attribute in attributes.split():
            field, kind = attribute.rstrip("!").split(":")
            kind = f"t:{kind}" if kind in ("guid", "variable") else f"xs:{kind}"
            said += f'<xs:attribute name="{field}" type="{kind}"{" use=" + chr(34) + "required" + chr(34) if "!" in attribute else ""}/>'
        parts.append(f'<xs:complexType name="{name}Type"><xs:sequence>{inside}</xs:sequence>{said}</xs:complexType>')
    kinds = "".join(
        f'<xs:enumeration value="{k}"/>' for k in ["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]
    )
    return etree.XMLSchema(
        etree.fromstring(
            f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="{namespace}" targetNamespace="{namespace}" '
            f'elementFormDefault="qualified"><xs:element name="{root}" type="t:{root}Type"/>{"".join(parts)}'
            f'<xs:simpleType name="guid"><xs:restriction base="xs:token"><xs:pattern value="{GUID}"/></xs:restriction>'
            f'</xs:simpleType><xs:simpleType name="variable"><xs:restriction base="xs:token">{kinds}</xs:restriction>'
            "</xs:simpleType></xs:schema>"
        )
    )
