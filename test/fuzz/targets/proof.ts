import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { PolicyDocument } from '../../../src/iam/PolicyDocument';
import { validateDocument } from '../../../src/iam/validateDocument';
import { type Inventory, type KeptStatement, STAGES } from '../../../src/inventory/Inventory';
import { proveInventory } from '../../../src/proof/proveInventory';
import { environmentOf, inventoryOf, roleSettingsOf, targetOf, workloadOf } from '../../blueprint/inventoryOf';
import { corpus, mutated } from '../mutations';
import { inTime, mustHold, type Target } from '../Target';
import { POLICY_WORDS } from '../words';

/** Everybody, without a condition. */
const EVERYBODY: KeptStatement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };

/** The proof of an adopted role with any kept trust ends, is the same each time, and reports everybody who is let in. */
export const proof: Target = {
  name: 'proof',
  property: () =>
    fc.asyncProperty(
      mutated(corpus('policy'), POLICY_WORDS),
      fc.constantFrom(...STAGES),
      fc.boolean(),
      fc.subarray(['workload', 'association'] as const),
      (text, stage, sessionTags, vias) =>
        inTime(() => {
          const statements = statementsOf(text);
          if (statements === undefined) return;
          const inventoryWith = (keepTrust: readonly KeptStatement[]): Inventory => {
            const role = roleSettingsOf({ adopt: true, keepTrust });
            const targets = vias.slice(0, 1).map((via) => targetOf({ via }));
            return inventoryOf(environmentOf({ workloads: [workloadOf({ stage, sessionTags, role, targets })] }));
          };
          const found = proveInventory(inventoryWith(statements));
          for (const failure of [...found.failures, ...found.accepted])
            mustHold(failure.message !== '' && failure.path !== '', 'a failure says nothing');
          mustHold(isDeepStrictEqual(proveInventory(inventoryWith(statements)), found), 'the proof differs');
          const open = proveInventory(inventoryWith([...allows(statements), EVERYBODY]));
          mustHold(open.failures.length > 0, 'everybody gets the role, and the proof holds');
        }),
    ),
};

function allows(statements: readonly KeptStatement[]): readonly KeptStatement[] {
  return statements.filter(({ Effect }) => Effect === 'Allow');
}

/** The statements of a well-formed trust policy. */
function statementsOf(text: string): readonly KeptStatement[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (validateDocument(value, 'trust').length > 0) return undefined;
    return [(value as PolicyDocument).Statement].flat();
  } catch {
    return undefined;
  }
}
