/** The lines that send a first reading, ready for a terminal. Pure. */
export const firstDevice = { group: 'home', device: 'thermo-1' } as const;

export interface FirstLines {
  readonly curl: string;
  readonly mosquitto: string;
  readonly node: string;
  readonly python: string;
}

/**
 * Single quotes keep a shell's hands off; a token has none in it.
 * @param where.mqttPort of the embedded broker; undefined = it does not listen
 */
export function firstLines(where: {
  readonly origin: string;
  readonly hostname: string;
  readonly mqttPort: string | undefined;
  readonly token: string;
}): Omit<FirstLines, 'mosquitto'> & Partial<FirstLines> {
  const { origin, hostname, mqttPort, token } = where;
  const { group, device } = firstDevice;
  const url = `${origin}/api/v1/groups/${group}/devices/${device}/telemetry`;
  const lines = {
    curl: joined([
      `curl ${url}`,
      `-H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json'`,
      `-d '{"temperature": 21.4}'`,
    ]),
    node: [
      `node -e '`,
      `fetch("${url}", {`,
      `  method: "POST",`,
      `  headers: { authorization: "Bearer ${token}", "content-type": "application/json" },`,
      `  body: JSON.stringify({ temperature: 21.4 }),`,
      `}).then((answer) => answer.json()).then(console.log)'`,
    ].join('\n'),
    python: [
      `python3 -c '`,
      `import urllib.request as http`,
      `request = http.Request("${url}", b"{\\"temperature\\": 21.4}",`,
      `  {"Authorization": "Bearer ${token}", "Content-Type": "application/json"})`,
      `print(http.urlopen(request).read().decode())'`,
    ].join('\n'),
  };
  if (mqttPort === undefined) return lines;
  const mosquitto = joined([
    `mosquitto_pub -h ${hostname} -p ${mqttPort} -u ${device} -P '${token}' -q 1`,
    `-t signalbox/${group}/${device}/telemetry -m '{"temperature": 21.4}'`,
  ]);
  return { ...lines, mosquitto };
}

function joined(parts: readonly string[]): string {
  return parts.join(' \\\n  ');
}
