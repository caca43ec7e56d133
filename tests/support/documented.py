"""What LivePerson's getEngagement page prints: the call, the engagement, both replies byte for byte."""

import json

ACCOUNT = "56072331"
DOCUMENTED_CALL = {
    "appType": "EXTERNAL",
    "vid": "123",
    "sid": "456",
    "appDetails": {
        "os": "MAC_OSX",
        "osVersion": "1.2",
        "appVersion": "1.0",
        "deviceFamily": "MOBILE",
        "ipAddress": "192.168.5.2",
    },
    "consumerSections": ["Support", "English", "Other"],
    "engagementAttributes": [
        {
            "type": "personal",
            "personal": {
                "contacts": [
                    {"email": "test.com", "phone": "12345678"},
                    {"email": "test2.co.il", "phone": "98765430"},
                ],
                "age": {"age": 30.0, "year": 1985, "month": 7, "day": 22},
                "firstname": "test",
                "lastname": "test2",
                "gender": "FEMALE",
                "company": "liveperson",
            },
        }
    ],
}
DOCUMENTED_REPLY = b"""{
    "status": "Available",
    "sessionId": "abc",
    "visitorId": "xyz",
    "pageId": "4743822558",
    "engagementDetails": {
        "campaignId": "3346848610",
        "engagementId": "3562981110",
        "contextId": "1",
        "windowId": "3346847910",
        "language": "en-US",
        "engagementRevision": 44,
        "validForSeconds": 900,
        "skillId": 23,
        "skillName": "TestSkill"
    }
}"""
DETAILS = json.loads(DOCUMENTED_REPLY)["engagementDetails"]
DOCUMENTED_NOT_AVAILABLE = b"""{
    "status" : "NotAvailable",
    "sessionId": "abc",
    "visitorId": "xyz",
    "pageId" : "4743822558"
}"""
