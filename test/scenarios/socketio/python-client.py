"""Debian's python3-socketio as a client: does one of everything and prints what it saw, as JSON."""
import json
import sys
import threading

import engineio
import socketio

url, *transports = sys.argv[1:]
timeout = 20


class InOrderEngine(engineio.Client):
    """Handles one message after the other; the original starts a thread for each, and threads overtake each other."""

    def _trigger_event(self, event, *args, **kwargs):
        return super()._trigger_event(event, *args, **{**kwargs, "run_async": False})


class InOrderClient(socketio.Client):
    def _engineio_client_class(self):
        return InOrderEngine


client = InOrderClient(reconnection_delay=0.1, reconnection_delay_max=0.2, randomization_factor=0)
news = []
numbers = []
burst_ended = threading.Event()
connected = threading.Event()
news_came = threading.Event()


@client.on("connect")
def on_connect():
    connected.set()


@client.on("turn")
def turn(data):
    return data[::-1]


@client.on("number")
def number(n):
    numbers.append(n)


@client.on("end of burst")
def end_of_burst():
    burst_ended.set()


@client.on("news", namespace="/other")
def on_news(text, picture):
    news.append([text, picture.hex()])
    news_came.set()


seen = {}
client.connect(
    url, transports=transports or None, namespaces=["/", "/other"], auth={"token": "x"}, wait_timeout=timeout
)
seen["transport"] = client.transport()
seen["echo"] = client.call("echo", {"a": [1, None, "é"]}, timeout=timeout)
seen["echoed bytes"] = client.call("echo", b"\x00\x80\xff", timeout=timeout).hex()
seen["echo in namespace"] = client.call("echo", 5, namespace="/other", timeout=timeout)
seen["turned by me"] = client.call("let me turn", b"\x01\x02\x03", timeout=timeout).hex()
client.emit("burst")
burst_ended.wait(timeout)
seen["numbers"] = numbers
news_came.wait(timeout)
seen["news"] = list(news)

connected.clear()
before = client.get_sid()
client.emit("crash")
seen["came back"] = connected.wait(timeout)
seen["as somebody new"] = client.get_sid() != before
seen["echo after the crash"] = client.call("echo", "back", timeout=timeout)
client.disconnect()

stranger = InOrderClient()
refusal_came = threading.Event()


@stranger.on("connect_error", namespace="/closed")
def refused(error):
    seen["refused"] = error["message"]
    refusal_came.set()


stranger.connect(url, transports=transports or None, namespaces=["/closed"], wait=False)
refusal_came.wait(timeout)
stranger.disconnect()
print(json.dumps(seen))
