"""Reads a zip archive whole and prints its entries as JSON; fails where Python finds a fault."""
import base64
import json
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as archive:
    bad = archive.testzip()
    if bad is not None:
        sys.exit(f"{bad} is damaged")
    entries = [
        {
            "name": info.filename,
            "size": info.file_size,
            "time": "%04d-%02d-%02dT%02d:%02d:%02d" % info.date_time,
            "isUTF8": bool(info.flag_bits & 0x800),
            "isDeflated": info.compress_type == zipfile.ZIP_DEFLATED,
            "data": base64.b64encode(archive.read(info)).decode()
            if info.file_size < 1 << 20
            else "",
        }
        for info in archive.infolist()
    ]
json.dump(entries, sys.stdout)
