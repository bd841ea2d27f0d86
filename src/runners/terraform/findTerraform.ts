import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The Terraform (or OpenTofu) that is on this machine. */
export interface Terraform {
  readonly binary: string;
  readonly version: string;
}

/** 1.10 brought the S3 backend's native lock file; import blocks came with 1.5. */
const OLDEST = [1, 10] as const;

/**
 * Looks for the binary that `TERRAFORM_BINARY_NAME` names, `terraform` by default, as cdktf does.
 * Gives what is missing, in one line that says what to install, where it is not there or too old.
 */
export async function findTerraform(env: NodeJS.ProcessEnv = process.env): Promise<Terraform | { missing: string }> {
  const binary = env.TERRAFORM_BINARY_NAME ?? 'terraform';
  const install = `Install Terraform ${OLDEST.join('.')} or later (https://developer.hashicorp.com/terraform/install) and put it on PATH, or name another binary in TERRAFORM_BINARY_NAME.`;
  let output: string;
  try {
    const { stdout } = await promisify(execFile)(binary, ['version', '-json'], { env });
    output = stdout;
  } catch {
    return { missing: `"${binary}" cannot be run. ${install}` };
  }
  const version = versionOf(output);
  if (version === undefined) return { missing: `"${binary} version -json" did not tell a version. ${install}` };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return { missing: `"${binary}" is ${version}, which is too old. ${install}` };
  return { binary, version };
}

function versionOf(output: string): string | undefined {
  try {
    const parsed = JSON.parse(output) as { terraform_version?: unknown };
    return typeof parsed.terraform_version === 'string' ? parsed.terraform_version : undefined;
  } catch {
    return undefined;
  }
}
