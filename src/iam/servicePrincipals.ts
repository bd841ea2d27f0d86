import { DOCUMENTED_DATE, DOCUMENTED_SERVICES, REFUSED_SERVICES } from './documentedServices';
import { isObject, type Path, textsIn } from './documentProblem';
import named from './namedServices.json';

/** The day of the newer part of the list of services. */
export const SERVICES_DATE = DOCUMENTED_DATE;

/** The services that AWS's managed policies name, and those of {@link DOCUMENTED_SERVICES}. Not complete: AWS publishes no list. */
const KNOWN: ReadonlySet<string> = new Set([...named.services, ...DOCUMENTED_SERVICES]);

const DOMAIN = 'amazonaws.com';

/**
 * What podlift knows of a service principal:
 * - `known`: a name of the list, or such a name with a region in it
 * - `unknown`: may be a service that the list does not have, as services come every week. Whether IAM takes the name is unknown
 * - `refused`: IAM refuses the name, by its form or because it is another spelling of a known one. `meant` is the known one
 */
export type ServiceVerdict =
  { readonly verdict: 'known' | 'unknown' } | { readonly verdict: 'refused'; readonly meant: string | undefined };

const KNOWN_NAME: ServiceVerdict = { verdict: 'known' };
const UNKNOWN_NAME: ServiceVerdict = { verdict: 'unknown' };

/** The longest name of a host. */
const LONGEST = 253;
const LABELS = /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*$/;
const DOMAINS = /^(.+)\.(amazonaws\.com|amazonaws\.com\.cn|amazon\.com|aws\.internal)$/;
const REGION =
  /^[a-z]{2}-(?:gov-|iso[a-z]?-)?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/;
/** What looks like a region, such as `us-esat-1`. */
const REGION_LIKE = /^[a-z]{2}-(?:[a-z]+-)+\d+$/;

/**
 * Judges a name under `Service` in a trust policy. IAM compares whole names and their case: "Service principals are unique and case-sensitive".
 *
 * A name with a region, as in `logs.eu-west-1.amazonaws.com`, is known if the name without the region is: which services have such names is unknown.
 * Names with the domain of China are as they are written in the list; which other services have one is unknown.
 * Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html (`AWSServiceName`);
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services;
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam.ServicePrincipal.html (regions)
 */
export function judgeService(name: string): ServiceVerdict {
  if (KNOWN.has(name)) return KNOWN_NAME;
  if (REFUSED_SERVICES.has(name)) return refused(REFUSED_SERVICES.get(name));
  const [, service = '', domain = ''] = LABELS.test(name) ? (DOMAINS.exec(name) ?? []) : [];
  if (service === '') return refused(name.length > LONGEST ? undefined : nearest(withoutDomain(name)));
  const { rest, region } = withoutRegion(service);
  if (region !== undefined && KNOWN.has(`${rest}.${domain}`))
    return service === `${rest}.${region}` && REGION.test(region)
      ? KNOWN_NAME
      : refused(REGION.test(region) ? `${rest}.${region}.${domain}` : undefined);
  if (domain === `${DOMAIN}.cn` && KNOWN.has(`${rest}.${DOMAIN}`)) return UNKNOWN_NAME;
  // Few services are outside amazonaws.com: `pods.eks.amazon.com` and `pods.eks.aws.amazon.com` are none of them.
  const meant = nearest(domain.startsWith(DOMAIN) ? service : withoutDomain(name));
  return meant === undefined ? UNKNOWN_NAME : refused(meant);
}

/**
 * The services in a trust policy that are `unknown` to {@link judgeService}, with their places.
 * @param document the parsed JSON, of any shape
 */
export function unknownServices(document: unknown): readonly { readonly name: string; readonly path: Path }[] {
  const Statement = isObject(document) ? document.Statement : undefined;
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [];
  return statements.flatMap((statement, index) => {
    const principal = isObject(statement) ? statement.Principal : undefined;
    const written = isObject(principal) ? principal.Service : undefined;
    return (textsIn(written) ?? []).flatMap((name, place) =>
      judgeService(name).verdict === 'unknown'
        ? [{ name, path: ['Statement', index, 'Principal', 'Service', ...(Array.isArray(written) ? [place] : [])] }]
        : [],
    );
  });
}

function refused(meant: string | undefined): ServiceVerdict {
  return { verdict: 'refused', meant };
}

/** The service without the first label that is, or looks like, a region. */
function withoutRegion(service: string): { readonly rest: string; readonly region: string | undefined } {
  const labels = service.split('.');
  const region = labels.find((label) => REGION_LIKE.test(label));
  return { rest: labels.filter((label) => label !== region).join('.'), region };
}

/** Labels of hosts, for what is left when a host of Amazon, with or without a mistake in it, is cut off. */
const HOST_LABELS: readonly string[] = [
  'amazonaws',
  'amazon',
  'aws',
  'internal',
  'com',
  'cn',
  'net',
  'org',
  'co',
  'io',
];

/** `ec2` of `EC2.amazonaws.com`, `https://ec2.aws.amazon.com/`, `ec2.amazonws.com` and `ec2`. */
function withoutDomain(name: string): string {
  const labels = name
    .toLowerCase()
    .trim()
    .replace(/^https?:\/\/|[/.]+$/g, '')
    .split('.');
  const isHost = (label: string) =>
    HOST_LABELS.includes(label) ||
    isOneMistake(label, 'amazonaws') ||
    (label.length === 3 && isOneMistake(label, 'com'));
  while (labels.length > 0 && isHost(labels.at(-1) ?? '')) labels.pop();
  return labels.join('.');
}

/** Known services of amazonaws.com by their folded names. */
const BY_FOLDED = new Map<string, string>();
const SERVICES: readonly string[] = [...KNOWN].filter((name) => name.endsWith(`.${DOMAIN}`)).map(serviceOf);
for (const service of SERVICES)
  for (const folded of foldedForms(service)) if (!BY_FOLDED.has(folded)) BY_FOLDED.set(folded, service);

function serviceOf(name: string): string {
  return name.slice(0, -DOMAIN.length - 1);
}

/** Shorter names are too near to each other: `ecs`, `ecr`, `eks`. */
const SHORTEST = 5;

/**
 * The known service that a name without its domain is another spelling of: with other separators, another order of its words, one without its plural,
 * or one letter wrong, missing, too many or swapped.
 */
function nearest(service: string): string | undefined {
  const { rest, region } = withoutRegion(service);
  const found =
    foldedForms(rest)
      .map((folded) => BY_FOLDED.get(folded))
      .find((one) => one !== undefined) ??
    (rest.length < SHORTEST ? undefined : SERVICES.find((one) => one.length >= SHORTEST && isOneMistake(rest, one)));
  if (found === undefined) return undefined;
  return `${found}${region !== undefined && REGION.test(region) ? `.${region}` : ''}.${DOMAIN}`;
}

/** The words without plural, in alphabetical order, and all letters without separators. */
function foldedForms(service: string): readonly string[] {
  const words = service.split(/[._-]+/).map((word) => (word.length > 3 ? word.replace(/s$/, '') : word));
  return [[...words].sort().join(' '), words.join('')];
}

/** One letter is wrong, missing, too many, or swapped with the next. A digit is no mistake: `inspector2` is another service than `inspector`. */
function isOneMistake(written: string, known: string): boolean {
  if (written === known) return false;
  let start = 0;
  while (start < known.length && written[start] === known[start]) start++;
  const [left, right] = [written.slice(start), known.slice(start)];
  if (/^\d/.test(left) || /^\d/.test(right)) return false;
  return (
    left.slice(1) === right.slice(1) ||
    left.slice(1) === right ||
    left === right.slice(1) ||
    `${left.charAt(1)}${left.charAt(0)}${left.slice(2)}` === right
  );
}
