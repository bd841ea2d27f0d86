import { isDeepStrictEqual } from 'node:util';
import type { PlacedEntry } from '../../inventory/edit/addEntries';
import type { NewEntry } from '../../inventory/edit/editFile';
import type { Plain } from '../../inventory/edit/entryLines';
import { removeEntry } from '../../inventory/edit/removeEntry';
import { setEntries } from '../../inventory/edit/setEntries';
import type { Finding } from '../../inventory/Finding';
import { parseSource } from '../../inventory/source/parseSource';
import { formatPath, isMap, valueAt } from '../../inventory/source/plainData';
import { findPosition } from '../../inventory/source/Source';
import { entriesText, type ProposedEdit } from './Proposal';

/** What a change of an entry writes, and which keys it removes. */
interface Fields {
  readonly sets: readonly NewEntry[];
  readonly removes: readonly (readonly string[])[];
}

/** A change of an entry in the text of its file. */
export interface EditedWorkload {
  readonly file: string;
  readonly text: string;
  readonly places: readonly PlacedEntry[];
}

/** Changes an entry in the file that has it. Returns a finding where the file is in a style that podlift does not edit; nothing where no file has the entry. */
export function editWorkload(
  texts: ReadonlyMap<string, string>,
  edit: ProposedEdit,
  environment: string,
): EditedWorkload | { readonly refusal: Finding; readonly snippet: string } | undefined {
  const path = ['workloads', edit.workload];
  for (const [file, text] of texts) {
    const { source } = parseSource(text, file);
    const written = source && valueAt(source.data, path);
    if (!isMap(written)) continue;
    const { sets, removes } = fieldsOf(edit, written, environment);
    const snippet = entriesText(sets);
    const set = setEntries({ file, text }, sets);
    if ('refusal' in set) return { ...set, snippet };
    let edited = set.text;
    for (const one of removes) {
      const removed = removeEntry({ file, text: edited }, one);
      if ('refusal' in removed) return { ...removed, snippet };
      edited = removed.text;
    }
    const { source: after } = parseSource(edited, file);
    const places = sets.flatMap(({ into, key }) =>
      after === undefined ? [] : [{ path: formatPath([...into, key]), ...findPosition(after, [...into, key], 'key') }],
    );
    return { file, text: edited, places };
  }
  return undefined;
}

type Written = Readonly<Record<string, unknown>>;

function fieldsOf(edit: ProposedEdit, written: Written, environment: string): Fields {
  const base = ['workloads', edit.workload];
  const override = valueAt(written, ['overrides', environment]);
  const own = isMap(override) ? override : {};
  const inOverride = [...base, 'overrides', environment];
  const [only, ...others] = Array.isArray(written.environments) ? (written.environments as unknown[]) : [];
  const isShared = only !== environment || others.length > 0;
  // A field of another environment stays as it is.
  const placeOf = (...path: string[]) => (isShared || valueAt(own, path) !== undefined ? inOverride : base);
  const clusters = own.clusters ?? written.clusters;
  const { sets: subjects, removes } = subjectFields(edit, { ...written, ...own }, placeOf('subjects'));
  const { keepTrust, adoptedTrust } = edit.trust;
  const trust = (
    [
      ['keepTrust', keepTrust, keepTrust?.length === 0],
      ['adoptedTrust', adoptedTrust, adoptedTrust && Object.keys(adoptedTrust).every((key) => key === 'because')],
    ] as const
  ).filter(([, value]) => value !== undefined);
  const isMissing = edit.subjects.length > 1 && written.because === undefined && own.because === undefined;
  return {
    sets: [
      ...(Array.isArray(clusters) && edit.clusters.length > 0
        ? [
            {
              into: own.clusters === undefined ? base : inOverride,
              key: 'clusters',
              value: [...new Set([...(clusters as string[]), ...edit.clusters])],
            },
          ]
        : []),
      ...subjects,
      ...(isMissing ? [{ into: placeOf('because'), key: 'because', value: reasonOf(edit) }] : []),
      ...trust.flatMap(([key, value, isEmpty]) =>
        isEmpty === true ? [] : [{ into: [...placeOf('role', key), 'role'], key, value: value as unknown as Plain }],
      ),
      ...Object.entries(edit.associations).map(([key, value]) => ({
        into: [...placeOf('role', 'imports'), 'role', 'imports', 'associations'],
        ...{ key, value },
      })),
    ],
    removes: [
      ...removes,
      ...trust.flatMap(([key, , isEmpty]) => (isEmpty === true ? [[...placeOf('role', key), 'role', key]] : [])),
    ],
  };
}

function reasonOf({ subjects, roleArn }: ProposedEdit): string {
  const names = subjects.map(({ namespace, name }) => `${namespace}/${name}`);
  return `as found, ${names.join(', ')} use role ${roleArn.slice(roleArn.lastIndexOf('/') + 1)} together`;
}

/** The `subjects` of the entry; none where the entry says the same as it is. */
function subjectFields(edit: ProposedEdit, written: Written, into: readonly string[]): Fields {
  const all = new Set(edit.subjects.flatMap(({ clusters }) => clusters));
  const onSome = (clusters: readonly string[]) => (clusters.length === all.size ? {} : { clusters: [...clusters] });
  const list = written.subjects;
  if (!Array.isArray(list)) {
    if (edit.subjects.length < 2) return { sets: [], removes: [] };
    const value = edit.subjects.map(({ namespace, name, clusters }, index) => ({
      namespace,
      serviceAccount: index === 0 ? (written.serviceAccount as Plain) : { name, manage: 'none' },
      ...onSome(clusters),
    }));
    // The short form of the other environments stays.
    const removes = into.length > 2 ? [] : ['namespace', 'serviceAccount'].map((field) => [...into, field]);
    return { sets: [{ into, key: 'subjects', value }], removes };
  }
  const nameIn = (one: Written) => {
    const { serviceAccount } = one;
    const name = isMap(serviceAccount) ? serviceAccount.name : serviceAccount;
    return `${String(one.namespace)}/${String(name)}`;
  };
  const known = (list as Written[]).map((one) => {
    const now = edit.subjects.find(({ namespace, name }) => `${namespace}/${name}` === nameIn(one));
    const { clusters, ...rest } = one;
    return now === undefined ? one : { ...rest, ...onSome(now.clusters) };
  });
  const names = (list as Written[]).map(nameIn);
  const fresh = edit.subjects
    .filter(({ namespace, name }) => !names.includes(`${namespace}/${name}`))
    .map(({ namespace, name, clusters }) => ({
      ...{ namespace, serviceAccount: { name, manage: 'none' } },
      ...onSome(clusters),
    }));
  const value = [...known, ...fresh];
  const isSame = isDeepStrictEqual(JSON.parse(JSON.stringify(value)), JSON.parse(JSON.stringify(list)));
  return { sets: isSame ? [] : [{ into, key: 'subjects', value: value as Plain }], removes: [] };
}
