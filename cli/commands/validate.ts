import { formatFindings } from '../../inventory/formatFindings';
import { hasErrors } from '../../inventory/hasErrors';
import { colourWanted } from '../colourWanted';
import { examine } from '../examine';
import { EXIT } from '../exitCodes';

/** `podlift validate`: prints every finding of the inventory. Gives the exit code: 1 when one of them is an error. */
export function validate({ format }: { format: 'text' | 'json' | 'github' }): number {
  const { file, inventory, findings } = examine();
  if (findings.length > 0 || format === 'json')
    console.log(formatFindings(findings, format, colourWanted(process.stdout)));
  if (findings.length === 0 && format === 'text' && inventory !== undefined) {
    const workloads = new Set(
      inventory.environments.flatMap((environment) => environment.workloads.map(({ key }) => key)),
    );
    console.log(`${file}: no findings in ${inventory.environments.length} environments, ${workloads.size} workloads`);
  }
  return hasErrors(findings) ? EXIT.findings : EXIT.ok;
}
