import { hasErrors } from '../../inventory/Finding';
import { examine } from '../examine';
import { EXIT } from '../exit';
import { type FindingsFormat, printFindings, print } from '../output';
import { counted } from '../report';

/** `podlift validate`: prints every finding of the inventory. Gives the exit code: 1 when one of them is an error. */
export function validate({ format }: { readonly format: FindingsFormat }): number {
  const { file, inventory, requested, findings } = examine();
  printFindings('validate', findings, format);
  if (findings.length === 0 && format === 'text' && inventory !== undefined) {
    const workloads = new Set(requested.flatMap(({ roles }) => roles.map(({ workload }) => workload)));
    print(
      `${file}: no findings in ${counted(requested.length, 'environment')}, ${counted(workloads.size, 'workload')}`,
    );
  }
  return hasErrors(findings) ? EXIT.findings : EXIT.ok;
}
