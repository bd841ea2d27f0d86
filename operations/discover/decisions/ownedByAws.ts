import { draftOf } from '../draftOf';
import { addonSnippet } from '../snippets';
import type { Decision } from '../Scene';
import { leftOut, nameOf } from '../Subject';

/** An add-on hands out the roles of its own service accounts: by `serviceAccountRoleArn`, or by associations that it owns. */
export const ownedByAws: Decision = (subject, scene) => {
  const { annotation, association } = subject;
  const owner = association?.ownerArn;
  const name = /:addon\/[^/]+\/([^/]+)/.exec(owner ?? '')?.[1];
  const addon = scene.addons.find((one) =>
    owner === undefined ? annotation !== undefined && one.serviceAccountRoleArn === annotation : one.name === name,
  );
  if (owner !== undefined && addon === undefined)
    return leftOut(
      subject,
      'owned',
      `the association of ${nameOf(subject)} belongs to ${owner}`,
      'Leave it to its owner, which would change it back.',
    );
  if (addon === undefined) return undefined;
  const draft = draftOf(subject, scene);
  const snippet = 'reason' in draft ? undefined : addonSnippet(scene, draft, addon);
  return leftOut(
    subject,
    'addon',
    `${nameOf(subject)} is the add-on ${addon.name}'s own${'reason' in draft ? `, and its role cannot be taken over as it is: ${draft.message}` : ''}`,
    'reason' in draft
      ? draft.hint
      : [
          'Let podlift take the add-on over together with its role: write the entries below into the inventory.',
          ...(snippet?.notes ?? []),
        ],
    snippet?.text,
  );
};
