"""Debian's python3-socketio as a client: does one of everything and prints what it saw, as JSON."""
import json
import sys
import threading

import socketio

url, transport = sys.argv[1:3]
client = socketio.Client(reconnection=False)
seen = []
all_seen = threading.Event()


@client.on("asked")
def asked(question):
    return question + 1


@client.on("bytes")
def received_bytes(data):
    seen.append(["bytes", data.hex()])


@client.on("many")
def many(number):
    seen.append(["many", number])
    if number == 39:
        all_seen.set()


@client.on("news", namespace="/other")
def news(text):
    seen.append(["news", text])


client.connect(url, transports=[transport], namespaces=["/", "/other"], auth={"token": "x"}, wait_timeout=5)
seen.append(["transport", client.transport()])
seen.append(["echo", client.call("echo", {"a": [1, None, "é"]})])
seen.append(["echo bytes", client.call("echo", b"\x01\x02").hex()])
seen.append(["answer", client.call("ask me", 41)])
client.emit("send many")
all_seen.wait(5)
client.disconnect()
print(json.dumps(seen))
