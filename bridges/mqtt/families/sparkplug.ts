/**
 * Sparkplug B, as a host application: `spBv1.0/<group>/<type>/<edge node>[/<device>]`. Births lay down the names behind
 * the aliases; whose message does not fit the birth in force is asked for a new one.
 * https://sparkplug.eclipse.org/specification/version/3.0/documents/sparkplug-specification-3.0.0.pdf
 * protobufjs reads the protobuf (`sparkplug-payload.ts`): it compiles decoders at start, and needs no generated code.
 */
import type { MetricInfo } from '#contract/device.ts';
import type { DecodedReading, Problem } from '#contract/formats/decoded.ts';
import type { FamilyControl, FamilyPublish } from './control.ts';
import type { Family, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import { sparkplugControls } from './sparkplug-controls.ts';
import { readMetric } from './sparkplug-metrics.ts';
import { EdgeNodes, type BornMetric, type EdgeNode } from './sparkplug-nodes.ts';
import {
  decodePayload,
  encodePayload,
  type SparkplugMetric,
  type SparkplugPayload,
} from '#contract/formats/sparkplug-payload.ts';

export const namespace = 'spBv1.0';
const booleanType = 11;

interface SparkplugTopic {
  readonly group: string;
  readonly type: string;
  readonly node: string;
  /** Empty for the edge node itself. */
  readonly device: string;
}

/** One message with what is known about its node. */
interface Heard {
  readonly topic: SparkplugTopic;
  readonly node: EdgeNode;
  readonly payload: SparkplugPayload;
  readonly receivedAtUs: number;
}

export const sparkplug: Family = {
  name: 'sparkplug',

  recognises({ levels, text }: FamilyMessage): boolean {
    if (isOldState(levels, text)) return true;
    if (levels[0] !== namespace) return false;
    return levels[1] === 'STATE' ? levels.length === 3 : parseLevels(levels) !== undefined;
  },

  decode(message: FamilyMessage): FamilyOutcome {
    const topic = parseLevels(message.levels);
    if (topic === undefined) return { reports: [], aside: 'The state of a Sparkplug host application.' };
    if (topic.type.endsWith('CMD')) return { reports: [], aside: 'A command to a Sparkplug node or device.' };
    const nodes = message.memory.of(EdgeNodes);
    const node = nodes.of(`${topic.group}/${topic.node}`);
    const { receivedAtUs } = message;
    const heard: Heard = { topic, node, payload: decodePayload(message.payload), receivedAtUs };
    const decode = topic.type.endsWith('DEATH')
      ? decodeDeath
      : topic.type.endsWith('BIRTH')
        ? decodeBirth
        : decodeData;
    const { isInOrder, ...outcome } = decode(heard);
    if (isInOrder || !nodes.mayAsk(node, message.receivedAtUs)) return outcome;
    return { ...outcome, says: [rebirth(topic, message.receivedAtUs / 1000)] };
  },
};

/** Version 2.2 has plain words outside of the namespace. */
function isOldState(levels: readonly string[], text: string | undefined): boolean {
  return levels.length === 2 && levels[0] === 'STATE' && /^(?:ONLINE|OFFLINE)$/.test(text ?? '');
}

function parseLevels([first, group = '', type = '', node = '', device = '', ...more]: readonly string[]):
  SparkplugTopic | undefined {
  if (first !== namespace || more.length > 0 || group === '' || node === '') return undefined;
  const isKnown = device === '' ? /^N(?:BIRTH|DATA|DEATH|CMD)$/ : /^D(?:BIRTH|DATA|DEATH|CMD)$/;
  return isKnown.test(type) ? { group, type, node, device } : undefined;
}

function nameOf({ group, node }: SparkplugTopic, device: string): string {
  return [group, node, ...(device === '' ? [] : [device])].join('/');
}

function decodeBirth(heard: Heard): FamilyOutcome & { isInOrder: boolean } {
  const { topic, node, payload, receivedAtUs } = heard;
  const { device } = topic;
  const metrics = payload.metrics ?? [];
  const seq = payload.seq?.toNumber() ?? 0;
  const isOfNode = device === '';
  const bdSeq = bdSeqOf(metrics);
  // A new session whose predecessor's death was not heard: its devices are gone until their own births.
  const isNewSession = isOfNode && node.isBorn && bdSeq !== node.bdSeq;
  const orphans = isNewSession ? node.present() : isOfNode ? node.endedBy(receivedAtUs) : [];
  if (isOfNode) node.born(seq, bdSeq);
  else node.devices.add(device);
  // A device can only be born of a node that is.
  const isInOrder = isOfNode || (node.isBorn && node.follows(seq));
  for (const { name, alias, datatype = 0 } of metrics)
    if (name !== undefined) node.tell(device, alias?.toString(), { name, datatype });
  const read = readAll(heard);
  const { readings } = read.report;
  const again = node.last(device).born(readings, timeOf(payload) ?? receivedAtUs);
  const report: FamilyReport = {
    ...read.report,
    readings: again.length === 0 ? readings : [...readings, ...again],
    presence: 'online',
    description: { title: nameOf(topic, device), metrics: readings.flatMap(infoOf) },
    controls: metrics.flatMap((metric) => controlsOf(metric, topic)),
  };
  const gone = orphans.map((name) => deathOf(heard, name, receivedAtUs + node.aheadUs));
  return { reports: [report, ...gone], problems: read.problems, isInOrder };
}

function decodeData(heard: Heard): FamilyOutcome & { isInOrder: boolean } {
  const { topic, node, payload } = heard;
  const follows = node.follows(payload.seq?.toNumber() ?? 0);
  const { report, problems, isUnknown } = readAll(heard);
  const isKnown = node.isBorn && (topic.device === '' || node.devices.has(topic.device));
  const isInOrder = isKnown && follows && !isUnknown;
  const said: Problem[] = follows || !node.isBorn ? [] : [gap];
  return { reports: [report], problems: [...problems, ...said], isInOrder };
}

const gap: Problem = {
  path: '/seq',
  code: 'sequence-gap',
  message: 'Messages of the node are missing before this one.',
};

/** Who is dead is not asked for a birth; a gap before the death of a device is the node's. */
function decodeDeath(heard: Heard): FamilyOutcome & { isInOrder: boolean } {
  const { topic, node, payload, receivedAtUs } = heard;
  const { device } = topic;
  const nowUs = receivedAtUs + node.aheadUs;
  if (device !== '') {
    const isInOrder = node.isBorn && node.follows(payload.seq?.toNumber() ?? 0);
    node.devices.delete(device);
    return { reports: [deathOf(heard, device, timeOf(payload) ?? nowUs)], isInOrder };
  }
  const bdSeq = bdSeqOf(payload.metrics ?? []);
  if (node.isBorn && bdSeq !== undefined && node.bdSeq !== undefined && bdSeq !== node.bdSeq)
    return { reports: [], aside: 'The will of a session that a newer birth has replaced.', isInOrder: true };
  const gone = new Set(['', ...node.present(), ...node.endedBy(receivedAtUs)]);
  node.died();
  // Its own time says nothing: the will was written when the node connected.
  return { reports: [...gone].map((name) => deathOf(heard, name, nowUs)), isInOrder: true };
}

/** It is gone, and what it said last is no longer sure. */
function deathOf({ topic, node, receivedAtUs }: Heard, name: string, atUs: number): FamilyReport {
  const gone = { device: nameOf(topic, name), presence: 'offline' } as const;
  const readings = node.last(name).died({ receivedAtUs, atUs });
  return readings.length === 0 ? gone : { ...gone, readings, past: readings };
}

function timeOf({ timestamp }: SparkplugPayload): number | undefined {
  return timestamp === undefined ? undefined : timestamp.toNumber() * 1000;
}

/** All metrics; those whose alias no birth has named are problems. */
function readAll({ topic, node, payload, receivedAtUs }: Heard): {
  report: FamilyReport & { readonly readings: readonly DecodedReading[] };
  problems: readonly Problem[];
  isUnknown: boolean;
} {
  const timeUs = timeOf(payload);
  if (timeUs !== undefined) node.aheadUs = timeUs - receivedAtUs;
  const last = node.last(topic.device);
  const readings: DecodedReading[] = [];
  const past: DecodedReading[] = [];
  const problems: Problem[] = [];
  let isUnknown = false;
  for (const [index, metric] of (payload.metrics ?? []).entries()) {
    const known = bornAs(metric, topic.device, node);
    if (known === undefined) {
      isUnknown = true;
      problems.push({
        path: `/metrics/${index}`,
        code: 'no-birth',
        message: 'No birth has named this alias.',
      });
    } else if (!isControl(known.name)) {
      const read = readMetric(metric, { ...known, timeUs });
      readings.push(...read.readings);
      if (metric.isHistorical === true) past.push(...read.readings);
      else last.said(read.readings);
      problems.push(...read.problems);
    }
  }
  const report = { device: nameOf(topic, topic.device), readings };
  return { report: past.length === 0 ? report : { ...report, past }, problems, isUnknown };
}

function bornAs(
  { name, alias, datatype }: SparkplugMetric,
  device: string,
  node: EdgeNode,
): BornMetric | undefined {
  if (name === undefined || name === '')
    return alias === undefined ? undefined : node.byAlias(alias.toString());
  return { name, datatype: datatype ?? node.byName(device, name)?.datatype ?? 0 };
}

/** Sparkplug 3.0, 6.4.19: how the session is counted, and what a node can be told. They measure nothing. */
function isControl(name: string): boolean {
  return name === 'bdSeq' || /^(?:Node|Device) Control\/(?:Rebirth|Reboot|Next Server)$/.test(name);
}

function bdSeqOf(metrics: readonly SparkplugMetric[]): number | undefined {
  const found = metrics.find(({ name }) => name === 'bdSeq');
  return found?.longValue?.toNumber() ?? found?.intValue;
}

function infoOf({ metric, unit }: DecodedReading): MetricInfo[] {
  return unit === undefined ? [] : [{ metric, unit }];
}

function controlsOf(metric: SparkplugMetric, { group, node, device }: SparkplugTopic): FamilyControl[] {
  const type = device === '' ? 'NCMD' : 'DCMD';
  const topic = [namespace, group, type, node, ...(device === '' ? [] : [device])].join('/');
  return isControl(metric.name ?? 'bdSeq') ? [] : sparkplugControls(metric, topic);
}

function rebirth({ group, node }: SparkplugTopic, atMs: number): FamilyPublish {
  const metric = { name: 'Node Control/Rebirth', datatype: booleanType, booleanValue: true };
  return { topic: [namespace, group, 'NCMD', node].join('/'), payload: encodePayload(atMs, [metric]) };
}
