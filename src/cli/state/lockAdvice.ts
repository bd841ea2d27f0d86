import type { StateLocation } from '../../blueprint/stateLocation';
import { shellLine } from '../../inventory/shellWord';

/**
 * What to do about a lock, after an error of Terraform that speaks of one; else an empty text. No folder has the old place of a state as its backend any more, so
 * that `terraform force-unlock` cannot remove its lock: the commands are those of the store.
 */
export function lockAdvice(failure: string, place: StateLocation): string {
  if (!/acquiring the state lock|Error locking (remote )?state|[Ww]orkspace .*locked/.test(failure)) return '';
  const wait = '\n    Wait until nobody applies, and run the command again.';
  const removal = removalOf(place);
  return removal === undefined
    ? wait
    : `${wait} If a killed Terraform left the lock, first ${removal.what}:\n    ${removal.how}`;
}

interface Removal {
  readonly what: string;
  /** A command, or the address where a person does it. */
  readonly how: string;
}

/**
 * Sources: https://developer.hashicorp.com/terraform/language/backend/s3 (use_lockfile); hashicorp/terraform internal/backend/remote-state/gcs/backend_state.go
 * (`lockFile`), …/azure/client.go (`Lock`: a lease of the blob), …/http/client.go (`Unlock`);
 * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/settings#locking
 */
function removalOf(place: StateLocation): Removal | undefined {
  switch (place.backend) {
    // The operating system removes the lock when the process ends.
    case 'local':
      return undefined;
    case 's3': {
      const { bucket, key, region } = place;
      return command('aws', 's3', 'rm', `s3://${bucket}/${key}.tflock`, '--region', region);
    }
    case 'gcs':
      return command('gcloud', 'storage', 'rm', `gs://${place.bucket}/${place.prefix}/default.tflock`);
    case 'azurerm': {
      const { storageAccountName: account, containerName: container, key } = place;
      const blob = ['--account-name', account, '--container-name', container, '--blob-name', key];
      return command('az', 'storage', 'blob', 'lease', 'break', ...blob);
    }
    case 'cloud':
    case 'remote': {
      const { hostname, organization, workspace } = place;
      return {
        what: 'unlock the workspace',
        how: `https://${hostname}/app/${organization}/workspaces/${workspace}/settings/lock`,
      };
    }
    case 'http': {
      const { unlockAddress, unlockMethod = 'UNLOCK' } = place;
      if (unlockAddress === undefined) return undefined;
      const curl = shellLine(['curl', '--fail', '--request', unlockMethod, unlockAddress]);
      return { what: 'remove it', how: `${curl} --user "$TF_HTTP_USERNAME:$TF_HTTP_PASSWORD"` };
    }
  }
}

function command(...words: readonly string[]): Removal {
  return { what: 'remove it', how: shellLine(words) };
}
