import type { ServiceAccount } from '../blueprint/Blueprint';
import { Construct } from './cdktf';
import { literal, literals } from './literal';
import { Annotations, ServiceAccountV1 } from './providers';

/**
 * A service account that podlift creates, or one that exists already and gets podlift's annotations and nothing else.
 * With `annotate`, an empty map takes the annotation away in place and leaves `imagePullSecrets` and all else alone.
 */
export class WorkloadServiceAccount extends Construct {
  constructor(scope: Construct, id: string, account: ServiceAccount) {
    super(scope, id);
    const metadata = { name: literal(account.name), namespace: literal(account.namespace) };
    const annotations = literals(account.annotations);
    switch (account.manage) {
      case 'create':
        new ServiceAccountV1(this, 'service-account', {
          metadata: { ...metadata, annotations },
          // Charts and people add them to the account; a service account written whole would lose them.
          lifecycle: { ignoreChanges: ['image_pull_secret', 'secret'] },
        });
        return;
      case 'annotate':
        // Forced: the annotation is taken over from whoever set it, since the inventory is where it is decided.
        new Annotations(this, 'annotations', {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata,
          annotations,
          force: true,
        });
        return;
      case 'none':
        return;
    }
  }
}
