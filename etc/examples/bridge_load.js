// An example of a bridge in a language that knows nothing of Marge, without any library: the load of this machine, and
// a switch that pauses it. In configuration.yaml:
//
//   marge:
//     bridges:
//       machine: {command: [node, /path/to/bridge_load.js], memory_mb: 1024}

const net = require("net");
const os = require("os");
const { MARGE_BRIDGE_NAME: name, MARGE_MQTT_HOST: host, MARGE_MQTT_PORT: port, MARGE_MQTT_USERNAME: username,
        MARGE_MQTT_PASSWORD: password, EVERY = "10" } = process.env;
const base = `marge/bridge/${name}`;
const status = `marge/integration/${name}/status`;

// -- MQTT 3.1.1, as much of it as this needs --------------------------------------------------------------------------

const text = (value) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};
const packet = (first, ...parts) => {
  const body = Buffer.concat(parts);
  const length = [];
  for (let left = body.length; ; left >>= 7) {
    length.push((left & 127) | (left > 127 ? 128 : 0));
    if (left <= 127) break;
  }
  return Buffer.concat([Buffer.from([first, ...length]), body]);
};
// will, retained, QoS 1; user name and password; clean session; keep-alive 30 s
const connect = packet(0x10, text("MQTT"), Buffer.from([4, 0b11101110, 0, 30]), text(`marge-bridge-${name}`),
                       text(status), text("offline"), text(username), text(password));
const subscribe = (topic) => packet(0x82, Buffer.from([0, 1]), text(topic), Buffer.from([0]));
const socket = net.connect(Number(port), host, () => socket.write(connect));
const say = (topic, value) => socket.write(packet(0x31, text(topic), Buffer.from(String(value))));

let rest = Buffer.alloc(0);
socket.on("data", (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  for (;;) {
    let size = 0, at = 1;
    for (let shift = 0; ; shift += 7, at++) {
      if (at >= rest.length) return;
      size |= (rest[at] & 127) << shift;
      if (rest[at] < 128) { at++; break; }
    }
    if (rest.length < at + size) return;
    take(rest[0] >> 4, rest.subarray(at, at + size));
    rest = rest.subarray(at + size);
  }
});
const take = (kind, body) => {
  if (kind === 2 && body[1] !== 0) throw new Error(`the broker refused us: ${body[1]}`);
  if (kind === 2) begin();
  if (kind === 3) {
    const length = body.readUInt16BE(0);
    heard(body.subarray(2, 2 + length).toString(), body.subarray(2 + length).toString());
  }
};
socket.on("close", () => process.exit(1)); // Marge starts us again
socket.on("error", (error) => { console.log(error.message); process.exit(1); });
process.on("SIGTERM", () => { say(status, "offline"); socket.end(packet(0xe0), () => process.exit(0)); });
setInterval(() => socket.write(packet(0xc0)), 15000); // PINGREQ

// -- the bridge -------------------------------------------------------------------------------------------------------

let measures = true;
const device = { identifiers: [`bridge_${name}`], name: "This machine" };
const begin = () => {
  say(`${base}/sensor/load/config`, JSON.stringify({
    name: "Load", unique_id: `${name}_load`, state_topic: `${base}/load`, state_class: "measurement", device }));
  say(`${base}/switch/measures/config`, JSON.stringify({
    name: "Measures", unique_id: `${name}_measures`, state_topic: `${base}/measures`,
    command_topic: `${base}/measures/set`, device }));
  socket.write(subscribe(`${base}/measures/set`));
  say(`${base}/measures`, "ON");
  say(status, "online");
  measure();
  setInterval(measure, Number(EVERY) * 1000);
};
const measure = () => measures && say(`${base}/load`, os.loadavg()[0].toFixed(2));
const heard = (topic, payload) => {
  measures = payload === "ON";
  say(`${base}/measures`, payload);
};
