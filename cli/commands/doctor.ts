import { diagnose } from '../../operations/doctor/diagnose';
import type { Ports } from '../../operations/Ports';
import { colourWanted } from '../colourWanted';
import { doctorRequest } from '../doctor/doctorRequest';
import { doctorText } from '../doctor/doctorText';
import { progress } from '../doctor/progress';
import { summaryOf } from '../doctor/summaryOf';
import { EXIT } from '../exitCodes';
import { requireInventory } from '../gate/requireInventory';
import { loadLivePorts } from '../loadLivePorts';

export interface DoctorOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** Evaluate whether the workload may do it: `s3:GetObject`. */
  readonly action?: string;
  /** On what: an ARN. */
  readonly resource?: string;
  readonly format: 'text' | 'json';
}

/**
 * `podlift doctor [workload]`: what the troubleshooting pages tell people to do by hand, done in order and explained. Gives 0 when all is
 * healthy (warnings allowed), 1 when there is a problem or something could not be found out; throws `UsageError` for a workload or an
 * environment that is not there, and for an action without a resource or a workload.
 */
export async function doctor(
  workload: string | undefined,
  { environment, action, resource, format }: DoctorOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const inventory = requireInventory();
  if (inventory === undefined) return EXIT.findings;
  const request = doctorRequest(inventory, { workload, environment, action, resource });
  const { report, end } = progress(process.stderr);
  const diagnoses = await diagnose(inventory, request, ports(), report).finally(end);
  const summary = summaryOf(diagnoses);
  const healthy = summary.problems + summary.unknown === 0;
  console.log(
    format === 'json'
      ? JSON.stringify({ healthy, summary, diagnoses }, null, 2)
      : doctorText(diagnoses, colourWanted(process.stdout)),
  );
  return healthy ? EXIT.ok : EXIT.findings;
}
