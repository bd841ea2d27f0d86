import { diagnose } from '../../operations/doctor/diagnose';
import type { Ports } from '../../estate/Ports';
import { colourWanted } from '../colourWanted';
import { doctorRequest } from '../doctor/doctorRequest';
import { doctorText } from '../doctor/doctorText';
import { progress } from '../doctor/progress';
import { soundInventory } from '../doctor/soundInventory';
import { summaryOf } from '../doctor/summaryOf';
import { EXIT } from '../exitCodes';
import { jsonOutput } from '../jsonOutput';
import { loadLivePorts } from '../loadLivePorts';
import { printable } from '../printable';

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
 * `podlift doctor [workload]`: what the troubleshooting pages tell people to do by hand, done in order and explained. Works on what of the
 * inventory has no errors. Gives 0 when all is healthy (warnings allowed), 1 when there is a problem, something could not be found out, or the
 * inventory’s errors keep something that was asked for from being looked at; throws `UsageError` for a workload or an
 * environment that is not there, and for an action without a resource or a workload.
 */
export async function doctor(
  workload: string | undefined,
  { environment, action, resource, format }: DoctorOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const sound = soundInventory({ workload, environment });
  if (sound === undefined) return EXIT.findings;
  const { inventory } = sound;
  const request = doctorRequest(inventory, { workload, environment, action, resource });
  const { report, end } = progress(process.stderr);
  const diagnoses = await diagnose(inventory, request, ports(), report).finally(end);
  const summary = summaryOf(diagnoses);
  // Workloads that the inventory’s errors leave out were not looked at, which is never taken for health.
  const healthy = summary.problems + summary.unknown === 0 && !sound.leavesOut;
  console.log(
    format === 'json'
      ? jsonOutput('doctor', { healthy, summary, diagnoses })
      : printable(doctorText(diagnoses, colourWanted(process.stdout), workload === undefined ? 'one line' : 'whole')),
  );
  return healthy ? EXIT.ok : EXIT.findings;
}
