import { STAGE_TABLE } from '../blueprint/stageTable';
import type { Stage } from '../inventory/Inventory';
import type { WorkloadAccess } from './access';
import type { Shape } from './Page';
import { levelOf } from './wording';

/** A drawing of who can use which role, in pixels. */
export interface AccessGraph {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

// Three columns; each workload has as many rows as target roles, and at least one. So no line crosses another.
const BOX = { height: 40, gap: 8 } as const;
const COLUMNS = {
  workload: { x: 0, width: 300 },
  role: { x: 356, width: 380 },
  target: { x: 792, width: 380 },
} as const;
const HEAD = 28;
/** The heading of a wave. */
const GROUP = 26;
const PADDING = 10;

/**
 * Workload → source role → target roles as a drawing in three columns. The same input gives the same drawing.
 *
 * @param access of one environment: its source roles are in one account
 */
export function accessGraph(access: readonly WorkloadAccess[]): AccessGraph {
  const pitch = BOX.height + BOX.gap;
  const shapes: Shape[] = [];
  let y = HEAD;
  let wave: string | undefined;
  for (const one of access) {
    const title = one.wave === undefined ? 'in no wave' : `wave ${one.wave}`;
    if (title !== wave) {
      shapes.push({ shape: 'label', x: 1, y: y + 16, ...fitted(title, COLUMNS.workload.width), style: 'head' });
      y += GROUP;
      wave = title;
    }
    const rows = Math.max(1, one.targets.length);
    shapes.push(...rowShapes(one, y, pitch));
    y += rows * pitch;
  }
  const hasTargets = access.some(({ targets }) => targets.length > 0);
  const last = hasTargets ? COLUMNS.target : COLUMNS.role;
  return { width: last.x + last.width + 2, height: y + 2, shapes: [...heads(access, hasTargets), ...shapes] };
}

function heads(access: readonly WorkloadAccess[], hasTargets: boolean): readonly Shape[] {
  const [first] = access;
  const head = (x: number, text: string, width: number): Shape => ({
    shape: 'label',
    x: x + 1,
    y: 16,
    ...fitted(text, width),
    style: 'quiet',
  });
  const role = first === undefined ? 'Source role' : `Source role in ${first.role.account} ${first.role.accountId}`;
  return [
    head(COLUMNS.workload.x, 'Workload', COLUMNS.workload.width),
    head(COLUMNS.role.x, role, COLUMNS.role.width),
    ...(hasTargets ? [head(COLUMNS.target.x, 'Target roles, by account', COLUMNS.target.width)] : []),
  ];
}

function rowShapes(access: WorkloadAccess, top: number, pitch: number): readonly Shape[] {
  const { workload, stage, serviceAccounts, role, targets } = access;
  const middle = top + ((Math.max(1, targets.length) - 1) * pitch) / 2;
  const [first = 'no service account yet', ...others] = serviceAccounts;
  const accounts = others.length === 0 ? first : `${first} and ${others.length} more`;
  return [
    line(COLUMNS.workload, middle, COLUMNS.role, middle, 'plain'),
    ...targets.map((target, index) =>
      line(
        COLUMNS.role,
        middle,
        COLUMNS.target,
        top + index * pitch,
        target.via === 'association' ? 'dashed' : 'plain',
      ),
    ),
    ...box(COLUMNS.workload, middle, workload, accounts, stage),
    ...box(COLUMNS.role, middle, role.name, trusts(stage)),
    ...targets.flatMap((target, index) =>
      box(
        COLUMNS.target,
        top + index * pitch,
        target.name,
        `${target.account} ${target.accountId}, assumed by ${target.via === 'association' ? 'EKS' : 'the workload'}`,
      ),
    ),
  ];
}

/** Who can assume the source role at a stage. */
function trusts(stage: Stage): string {
  const { trustsOidc, trustsPodIdentity } = STAGE_TABLE[stage];
  return `trusts ${[...(trustsOidc ? ['IRSA'] : []), ...(trustsPodIdentity ? ['Pod Identity'] : [])].join(' and ')}`;
}

interface Column {
  readonly x: number;
  readonly width: number;
}

/** A box with a name, a second line, and the mark of a stage at its right. */
function box({ x, width }: Column, y: number, name: string, second: string, stage?: Stage): readonly Shape[] {
  const inner = width - 2 * PADDING;
  const mark = stage === undefined ? 0 : Math.ceil(lengthOf(stage)) + MARK.padding;
  return [
    { shape: 'box', x: x + 1, y, width, height: BOX.height, style: 'plain' },
    { shape: 'label', x: x + PADDING, y: y + 17, ...fitted(name, (inner - mark) / BOLD), style: 'head' },
    { shape: 'label', x: x + PADDING, y: y + 33, ...fitted(second, inner), style: 'quiet' },
    ...(stage === undefined ? [] : stageMark(x + width - PADDING / 2, y + 4, mark, stage)),
  ];
}

const MARK = { height: 18, padding: 14 } as const;

/** The name of a stage on the colour that it has everywhere on the page. */
function stageMark(right: number, y: number, width: number, stage: Stage): readonly Shape[] {
  const style = `level-${levelOf(stage)}`;
  return [
    { shape: 'box', x: right - width, y, width, height: MARK.height, style, radius: MARK.height / 2 },
    { shape: 'label', x: right - width / 2, y: y + 13, text: stage, style, align: 'middle' },
  ];
}

/** A curve from the right side of a box to the left side of another. */
function line(from: Column, fromY: number, to: Column, toY: number, style: string): Shape {
  const [x1, y1] = [from.x + from.width + 1, fromY + BOX.height / 2];
  const [x2, y2] = [to.x + 1, toY + BOX.height / 2];
  const half = (x1 + x2) / 2;
  const path = y1 === y2 ? `M ${x1} ${y1} H ${x2}` : `M ${x1} ${y1} C ${half} ${y1} ${half} ${y2} ${x2} ${y2}`;
  return { shape: 'line', path, style };
}

/** The pixels of a character of the page's font at 12 pixels: no wider in the fonts of Windows, macOS and Debian, for most names. */
const CHARACTER = 7.3;
/** How much wider the bold characters of 13 pixels are. */
const BOLD = 1.15;

/** Wide characters of East Asia and pictures take two. */
function lengthOf(text: string): number {
  return (
    Array.from(text).reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) > 0x10ff ? 2 : 1), 0) * CHARACTER
  );
}

/** A text that fits into some pixels, with its whole text for a pointer. The middle is left out: names of roles begin and end with what tells them apart. */
function fitted(text: string, width: number): { readonly text: string; readonly title?: string } {
  if (lengthOf(text) <= width) return { text };
  const characters = Array.from(text);
  let keep = characters.length - 1;
  const short = () =>
    [
      ...characters.slice(0, Math.ceil(keep / 2)),
      '…',
      ...characters.slice(characters.length - Math.floor(keep / 2)),
    ].join('');
  while (keep > 1 && lengthOf(short()) > width) keep -= 1;
  return { text: short(), title: text };
}
