import fc from 'fast-check';
import { compileLoaded } from '../../../src/blueprint/compileLoaded';
import { hasErrors } from '../../../src/inventory/Finding';
import { formatFindings } from '../../../src/inventory/formatFindings';
import { checkSources } from '../../../src/inventory/loadInventory';
import { parseSource } from '../../../src/inventory/source/parseSource';
import { proveInventory } from '../../../src/proof/proveInventory';
import { corpus, mutated } from '../mutations';
import { inTime, mustHold, type Target } from '../Target';
import { YAML_WORDS } from '../words';

/** Any text is loaded to findings with positions; what loads without errors compiles, and the proof ends. */
export const loader: Target = {
  name: 'loader',
  property: () =>
    fc.asyncProperty(mutated(corpus('inventory'), YAML_WORDS), (text) =>
      inTime(() => {
        load(text);
      }),
    ),
};

function load(text: string): void {
  const { source, findings } = parseSource(text, 'fuzz.yaml');
  const sources = source === undefined ? [] : [source];
  const loaded = checkSources({ sources, findings, files: ['fuzz.yaml'], complete: source !== undefined });
  const lines = text.split('\n').length;
  for (const finding of loaded.findings) {
    mustHold(finding.line >= 1 && finding.line <= lines + 1, `line ${finding.line} of ${lines}: ${finding.message}`);
    mustHold(finding.column >= 1, `column ${finding.column}: ${finding.message}`);
    mustHold(finding.message !== '' && finding.hint !== '', `${finding.rule} says nothing`);
  }
  mustHold(
    (loaded.inventory === undefined) === hasErrors(loaded.findings),
    'an inventory exists if and only if there is no error',
  );
  for (const format of ['text', 'github'] as const) formatFindings(loaded.findings, format);
  compileLoaded(loaded);
  if (loaded.inventory !== undefined) proveInventory(loaded.inventory, { oncePerGroup: true });
}
