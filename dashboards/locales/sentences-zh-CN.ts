/**
 * What the hub says in fixed words, in Chinese: why a message waits in the inbox, what a broker loses, why a connection ended,
 * what came of an audited action. What has no words here stays as the hub says it.
 */
import { commandStates } from '#contract/command.ts';
import { zhCN } from './zh-CN.ts';

const inbox: Readonly<Record<string, string>> = {
  'No family and no mapping knows this topic with this payload.': '没有设备族或映射能识别此主题及其载荷。',
  'Understood, but there is nothing in it.': '已识别，但其中没有内容。',
  'An empty payload: the retained message of this topic was cleared.': '载荷为空：此主题的保留消息已被清除。',
  'What is desired of a device: only the hub sends this.': '对设备的期望状态：只由中枢发送。',
  'A command to a device: only the hub sends these.': '发给设备的命令：只由中枢发送。',
  'A command to a device.': '发给设备的命令。',
  'A command to a Homie device.': '发给 Homie 设备的命令。',
  'A command to a Shelly device.': '发给 Shelly 设备的命令。',
  'A command to a Sparkplug node or device.': '发给 Sparkplug 节点或设备的命令。',
  'A command to a Tasmota device.': '发给 Tasmota 设备的命令。',
  'A command to a Z-Wave device.': '发给 Z-Wave 设备的命令。',
  'A command to a Zigbee device.': '发给 Zigbee 设备的命令。',
  'A command to an ESPHome device.': '发给 ESPHome 设备的命令。',
  'A command to an inverter.': '发给逆变器的命令。',
  'A command to evcc.': '发给 evcc 的命令。',
  'A command to a WLED device, or its whole state as XML.': '发给 WLED 设备的命令，或其 XML 格式的完整状态。',
  'A command to a gateway of OpenMQTTGateway.': '发给 OpenMQTTGateway 网关的命令。',
  'Attributes that ThingsBoard wants a device to have.': 'ThingsBoard 期望设备具有的属性。',
  'The firmware of a Homie device.': 'Homie 设备的固件。',
  'A downlink to a LoRaWAN device.': '发给 LoRaWAN 设备的下行消息。',
  'A command to a LoRaWAN gateway.': '发给 LoRaWAN 网关的命令。',
  'A radio frame of a LoRaWAN gateway: what it means, the network server tells.':
    'LoRaWAN 网关的无线帧：其含义由网络服务器给出。',
  'The names of the nodes of a cluster of brokers.': '代理集群各节点的名称。',
  'The clock of a broker.': '代理的时钟。',
  'A value or a command: both have this topic.': '值或命令：两者使用同一主题。',
  'A call of a Shelly device, or the answer to one.': '对 Shelly 设备的调用，或其应答。',
  'A call of the Z-Wave gateway, or the answer to one.': '对 Z-Wave 网关的调用，或其应答。',
  'A question or an answer between a device and ThingsBoard.': '设备与 ThingsBoard 之间的请求或应答。',
  'A request to a Victron installation.': '对 Victron 系统的请求。',
  'A request to the zigbee2mqtt bridge.': '对 zigbee2mqtt 网桥的请求。',
  'A message about the zigbee2mqtt bridge itself, not about a device.':
    '关于 zigbee2mqtt 网桥本身的消息，与设备无关。',
  'A map, a command, or what describes a property.': '地图、命令或属性的说明。',
  'A command, a picture, or a list: no value of a camera.': '命令、图片或列表：不是摄像机的值。',
  'A sign of life of the installation, not a value of a device.': '系统的存活信号，不是设备的值。',
  'An attribute of a Homie device that says nothing about its values.': 'Homie 设备的属性，与其值无关。',
  'An attribute of a Homie property that the hub does not use.': 'Homie 属性的特性，中枢不使用。',
  'An attribute of a Homie property; it is remembered.': 'Homie 属性的特性，已记下。',
  'How many there are, or when evcc last wrote: not a value of a device.':
    '数量，或 evcc 最近写入的时间：不是设备的值。',
  'It names no topic on which a value arrives.': '其中没有会传来值的主题。',
  'No scene any more.': '场景已结束。',
  'No state of a Zigbee device.': '不是 Zigbee 设备的状态。',
  'No trigger that was told of.': '不是已声明的触发。',
  'Not a position: a command, or settings of the app.': '不是位置：是命令或应用的设置。',
  'The layout of the sensors of a device that has not told its topic.':
    '传感器的布局，而该设备尚未告知其主题。',
  'The state of a Sparkplug host application.': 'Sparkplug 主机应用的状态。',
  'The topic says `me`, and which device that is cannot be told here.':
    '主题中是 `me`，无法由此得知是哪个设备。',
  'The will of a session that a newer birth has replaced.': '旧会话的遗嘱：已有更新的 birth 取代它。',
  'What the inverter or its radio is: it measures nothing.': '逆变器或其无线模块的说明：没有测量值。',
  'What the sender is or when it sent: it stands beside the values.':
    '发送者的说明或发送时间：与值一同记录。',
  'When a Z-Wave node was last heard: not a value of it.': '最近收到 Z-Wave 节点消息的时间：不是它的值。',
};

const brokers: Readonly<Record<string, string>> = {
  'While the hub is away the broker keeps what its queue for our session holds, and perhaps no QoS 0: its documentation tells how much.':
    '中枢离线期间，代理为本会话保留其队列所能容纳的消息，QoS 0 可能不保留：数量见其文档。',
  'While the hub is away Mosquitto keeps at most 1000 messages of QoS 1 and 2 for it, unless its configuration says otherwise, none of QoS 0, and none over a restart of its own. To keep more, in mosquitto.conf: max_queued_messages 100000; max_queued_bytes 0; queue_qos0_messages true; persistence true.':
    '除非另有配置，中枢离线期间 Mosquitto 最多为其保留 1000 条 QoS 1 和 2 的消息，不保留 QoS 0，且自身重启后全部丢失。要保留更多，请在 mosquitto.conf 中设置：max_queued_messages 100000; max_queued_bytes 0; queue_qos0_messages true; persistence true。',
};

const endsOfConnections: Readonly<Record<string, string>> = {
  'transport error': '传输出错',
  'transport close': '传输关闭',
  'forced close': '强制关闭',
  'ping timeout': '心跳超时',
  'parse error': '无法解析',
  'server shutting down': '中枢正在停止',
  'forced server close': '中枢强制关闭',
  'client namespace disconnect': '客户端断开',
  'server namespace disconnect': '中枢断开',
  'slow consumer': '接收过慢',
  'packet rate exceeded': '包速率超限',
  'byte rate exceeded': '字节速率超限',
  'too many packets in a payload': '一次载荷中的包过多',
};

/** Word by word: `refused 403`, `failed no-answer`, `12 taken, 3 left`. */
const outcomes: Readonly<Record<string, string>> = {
  ok: '成功',
  refused: '已拒绝',
  readings: '条读数',
  'taken,': '条已接收，',
  left: '条留下',
  gone: '条已删除',
  ...Object.fromEntries(commandStates.map((state) => [state, zhCN[`command.${state}`]])),
};

export const sentencesZhCN: Readonly<Partial<Record<string, string>>> = {
  ...inbox,
  ...brokers,
  ...endsOfConnections,
  ...outcomes,
};
