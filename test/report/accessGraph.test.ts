import { accessGraph } from '../../src/report/accessGraph';
import { accessSection } from '../../src/report/accessSection';
import type { Block, Figure, Shape } from '../../src/report/Page';
import { removeFolders } from '../inventory/fixtures';
import { inventoryText, reportFrom } from './estateOf';

afterAll(removeFolders);

type Box = Extract<Shape, { shape: 'box' }>;
const boxesOf = (shapes: readonly Shape[]) => shapes.filter((one): one is Box => one.shape === 'box');
const figuresOf = (blocks: readonly Block[]): readonly Figure[] =>
  blocks.flatMap((block) =>
    block.kind === 'figure' ? [block] : block.kind === 'details' ? figuresOf(block.blocks) : [],
  );
const overlap = (one: Box, other: Box) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

describe('the drawing of who can use which role', () => {
  const report = reportFrom(inventoryText(300));
  const figures = figuresOf(accessSection(report).blocks);

  it('has each of 300 workloads in each environment once, with its roles', () => {
    const texts = figures.flatMap(({ shapes }) =>
      shapes.flatMap((shape) => (shape.shape === 'label' && shape.style === 'head' ? [shape.title ?? shape.text] : [])),
    );
    for (const { workload, role, targets } of report.access) {
      expect(texts.filter((text) => text === workload)).toHaveLength(2);
      for (const name of [role.name, ...targets.map((one) => one.name)])
        expect(texts.filter((text) => text === name)).toHaveLength(1);
    }
    expect(report.access).toHaveLength(600);
  });

  it('has no box over another, and none outside of the drawing', () => {
    for (const { shapes, width, height } of figures) {
      const marks = (box: Box) => box.style.startsWith('level');
      const boxes = boxesOf(shapes).filter((box) => !marks(box));
      boxes.forEach((box, index) => {
        expect(boxes.slice(index + 1).filter((other) => overlap(box, other))).toEqual([]);
        expect(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
      });
    }
  });

  it('is at most as wide as a page, and short enough for a sheet of paper each', () => {
    for (const { width, height } of figures) {
      expect(width).toBeLessThanOrEqual(1280);
      // 40 workloads of which each fifth has two target roles, and the headings of their waves.
      expect(height).toBeLessThanOrEqual(48 * 60);
    }
  });

  it('is the same for the same inventory', () => {
    expect(accessSection(reportFrom(inventoryText(300)))).toEqual(accessSection(report));
  });

  it('has no line that crosses another', () => {
    for (const { shapes } of figures) {
      const starts = shapes.flatMap((shape) =>
        shape.shape === 'line' ? [/^M ([\d.]+) ([\d.]+) (?:H [\d.]+|C .* ([\d.]+))$/.exec(shape.path)!] : [],
      );
      const lines = starts.map(([, x, from, to = from]) => ({ x: Number(x), from: Number(from), to: Number(to) }));
      lines.forEach((one, index) => {
        const crossing = lines
          .slice(index + 1)
          .filter((other) => other.x === one.x && (one.from - other.from) * (one.to - other.to) < 0);
        expect(crossing).toEqual([]);
      });
    }
  });

  it('draws a role that EKS assumes with a dashed line', () => {
    const [one] = report.access.filter(({ targets }) => targets.some(({ via }) => via === 'association'));
    const lines = accessGraph([one!]).shapes.flatMap((shape) => (shape.shape === 'line' ? [shape.style] : []));
    expect(lines).toEqual(['plain', 'dashed']);
  });

  it('leaves out the middle of a name that has no room, and shows all of it to a pointer', () => {
    const name = `prod-${'very-'.repeat(11)}long`;
    const [one] = report.access;
    const labels = accessGraph([{ ...one!, role: { ...one!.role, name } }]).shapes.flatMap((shape) =>
      shape.shape === 'label' && shape.title !== undefined ? [shape] : [],
    );
    expect(labels).toMatchObject([{ text: expect.stringMatching(/^prod-.*….*long$/), title: name }]);
  });
});
