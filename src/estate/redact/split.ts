import { BlockList, isIP } from 'node:net';
import { region } from '../../inventory/formats/awsFormats';
import { iamServices } from '../../inventory/iamCatalogue';
import { STAGES } from '../../inventory/Inventory';
import type { Word } from './Pseudonyms';

/** A part of a text: it stays, or it is a word or an address that is replaced. */
export type Piece = { readonly kept: string } | Word | { readonly address: string };

/** Splits a text into what stays and what is replaced. The same text is split in the same way wherever it stands. */
export type Split = (text: string) => readonly Piece[];

const REGION = region.pattern.source.slice(1, -1);

/**
 * What stays wherever it stands, besides single characters and numbers of up to four digits: AWS, Kubernetes and podlift give these names, and
 * podlift compares with them.
 */
const KEPT = [
  REGION,
  // Times.
  String.raw`\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?`,
  // Policy variables and placeholders of the inventory.
  String.raw`(?<=\$\{)[a-z0-9-]+:[A-Za-z0-9]+`,
  String.raw`(?<=\{)(environment|region|account|accounts|partition)(?=[.}])`,
  // Subjects, condition keys of OIDC providers, and providers that many people have.
  'system:serviceaccounts?',
  'sub|aud|amr|azp|true|false|https?',
  // Events of STS, of Pod Identity and of IAM.
  'AssumeRole(WithWebIdentity|WithSAML|ForPodIdentity)?|UpdateAssumeRolePolicy|CreateRole',
  String.raw`token\.actions\.githubusercontent\.com|accounts\.google\.com|(www|graph)\.(amazon|facebook)\.com`,
  // What EKS puts into pods.
  '/var/run/secrets/(pods\\.)?eks\\.amazonaws\\.com/serviceaccount/(eks-pod-identity-)?token',
  '/v1/credentials|aws-iam-token|eks-pod-identity-(token|agent)|eks-cluster-(arn|name)',
  'kubernetes-(namespace|service-account|pod-name|pod-uid)',
  // Names of Kubernetes and of podlift.
  `kube-(system|public|node-lease)|default|podlift|${STAGES.join('|')}`,
  // Variables of pods, and the kind of object that has their value: `secret orders/arn`.
  '(HTTPS?|ALL|NO)_PROXY',
  '^(secret|configmap|field|resourcefield|nothing)(?= )',
  // Roles of AWS, and what the ids of IAM begin with.
  String.raw`aws-service-role|aws-reserved|AWSServiceRoleFor[A-Za-z0-9]*`,
].join('|');
/** What ids of IAM begin with. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const ID_PREFIX = '(?:AROA|AIDA|ANPA|AGPA|AKIA|ASIA)(?=[A-Z0-9]{12})';

/** Letters and digits, or several bytes of a URL: `%61%63%6d%65`. */
const WORD = /[\p{L}\p{M}\p{N}]+|(?:%[\da-f]{2}){2,}/iuy;
const WHOLE_WORD = /^[\p{L}\p{N}]+$/u;
const ARN = /arn:([^:\s"']*):([^:\s"']*):([^:\s"']*):([^:\s"']*):/y;
/** Kinds of things in ARNs that podlift takes apart. */
const ARN_KIND =
  /(role|policy|user|group|root|oidc-provider|saml-provider|assumed-role|cluster|addon|nodegroup|podidentityassociation)(?![\p{L}\p{N}-])/uy;
const KINDS_OF: ReadonlySet<string> = new Set(['iam', 'sts', 'eks', '*']);
/** A policy of AWS behind `arn:aws:iam::aws:`. */
const POLICY_OF_AWS = /policy\/[\w+=,.@/*?-]*/y;
const HOST =
  /(?:[\p{L}\p{N}*?_{}-]+\.)+(?:amazonaws\.com(?:\.cn)?|api\.aws|amazonwebservices\.com\.cn)(?![\w-])(\/id\/)?/uy;
/** Labels of AWS's hosts, besides the prefixes of services. */
const HOST_LABELS: ReadonlySet<string> = new Set([
  ...['amazonaws', 'com', 'cn', 'api', 'aws', 'amazonwebservices', 'oidc', 'oidc-eks', 'dkr', 'pods', 'vpce'],
]);
/** Addresses and ranges of IPv6, of IPv4 in IPv6, and of IPv4, also as in the name of a node: `ip-10-0-3-17`. */
const ADDRESS = new RegExp(
  String.raw`(?:${[
    String.raw`[\da-f]{0,4}(?::[\da-f]{0,4}){1,6}:\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}])`,
    String.raw`\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}])`,
    String.raw`\d{1,3}(?:-\d{1,3}){3}(?![\p{L}\p{N}])`,
    String.raw`[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?![\p{L}\p{N}:])`,
  ].join('|')})(?:\/\d{1,3})?`,
  'iuy',
);

/**
 * Splits texts.
 *
 * @param names further names that stay: those of add-ons, and of AWS's managed policies
 */
export function splitter(names: Iterable<string>): Split {
  const further = [...names].toSorted((one, other) => other.length - one.length).map(escape);
  const kept = new RegExp(String.raw`(?:${[...further, KEPT].join('|')})(?![\p{L}\p{N}])|${ID_PREFIX}`, 'uy');
  const known = new Map<string, readonly Piece[]>();
  const split: Split = (text) => {
    const pieces = known.get(text) ?? splitNew(text);
    known.set(text, pieces);
    return pieces;
  };
  const splitNew: Split = (text) => {
    const pieces: Piece[] = [];
    const mayHaveHost = /amazon|aws/.test(text);
    let at = 0;
    const take = (pattern: RegExp, accepts?: (found: string) => boolean): RegExpExecArray | undefined => {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match === null || accepts?.(match[0]) === false) return undefined;
      at += match[0].length;
      return match;
    };
    while (at < text.length) {
      const arn = take(ARN);
      if (arn !== undefined) {
        pieces.push(...arnPieces(arn, split));
        const [, , service = '', , account = ''] = arn;
        const rest = account === 'aws' ? take(POLICY_OF_AWS) : KINDS_OF.has(service) ? take(ARN_KIND) : undefined;
        if (rest !== undefined) pieces.push({ kept: rest[0] });
        continue;
      }
      const host = mayHaveHost ? take(HOST) : undefined;
      if (host !== undefined) {
        pieces.push(...hostPieces(host[0], split));
        continue;
      }
      const address = take(ADDRESS, (found) => addressOf(found) !== undefined);
      if (address !== undefined) {
        pieces.push(isKnown(address[0]) ? { kept: address[0] } : { address: address[0] });
        continue;
      }
      const start = at;
      const whole = take(kept);
      const [word] = whole ?? take(WORD) ?? [];
      if (word === undefined) {
        pieces.push({ kept: text.charAt(at++) });
        continue;
      }
      const openStart = /[*?}]/.test(text.charAt(start - 1));
      const openEnd = /[*?{$]/.test(text.charAt(at));
      if (whole === undefined) pieces.push({ word, openStart, openEnd });
      else
        pieces.push(
          (openStart || openEnd) && WHOLE_WORD.test(word) ? { word, openStart, openEnd, stays: true } : { kept: word },
        );
    }
    return pieces;
  };
  return split;
}

/** Partition, service and region are AWS's if AWS has them; the account is a word. */
function arnPieces(fields: readonly string[], split: Split): readonly Piece[] {
  const [, partition = '', service = '', place = '', account = ''] = fields;
  const piecesOf = (field: string, isOfAws: boolean) => (isOfAws ? [{ kept: field }] : split(field));
  return [
    { kept: 'arn:' },
    ...piecesOf(partition, PARTITION.test(partition)),
    { kept: ':' },
    ...piecesOf(service, iamServices().has(service)),
    { kept: ':' },
    ...piecesOf(place, REGIONS.test(place)),
    { kept: ':' },
    ...piecesOf(account, account === 'aws'),
    { kept: ':' },
  ];
}

const PARTITION = /^aws(-cn|-us-gov|-iso(-[bef])?|\*)?$/;
/** A pattern of regions, such as `eu-*`. */
const REGIONS =
  /^([a-z]{2}|[*?]+)(-(gov|north|south|east|west|central|northeast|northwest|southeast|southwest|[*?]+))*(-?[\d*?]+)?$/;

/** Labels that are services, regions or words of AWS stay. Behind the host of an issuer, `/id/` stays. */
function hostPieces(text: string, split: Split): readonly Piece[] {
  const [host = '', ...rest] = text.split('/');
  const labels = host.split('.').flatMap((label, index): readonly Piece[] => {
    const stays = HOST_LABELS.has(label) || iamServices().has(label);
    return [...(index === 0 ? [] : [{ kept: '.' }]), ...(stays ? [{ kept: label }] : split(label))];
  });
  return rest.length === 0 ? labels : [...labels, { kept: `/${rest.join('/')}` }];
}

/** The addresses of the agent and of the instance metadata. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const LINK_LOCAL = ['169.254.170.23', '169.254.169.254', 'fd00:ec2::23', 'fd00:ec2::254'];

/** The address of a text such as `10.0.0.0/8` or `10-0-3-17`, with the length of its range; nothing where it is none. */
function addressOf(
  text: string,
): { readonly address: string; readonly family: 'ipv4' | 'ipv6'; readonly bits: number } | undefined {
  const [address = '', bits] = text.replaceAll('-', '.').split('/');
  const version = isIP(address);
  if (version === 0) return undefined;
  const most = version === 6 ? 128 : 32;
  return { address, family: version === 6 ? 'ipv6' : 'ipv4', bits: Math.min(Number(bits ?? most), most) };
}

/** Whether everybody knows an address, or a range has such an address. */
function isKnown(text: string): boolean {
  const found = addressOf(text);
  if (found === undefined || /^(127\.|0\.0\.0\.0|::1?$)/.test(found.address)) return true;
  const range = new BlockList();
  range.addSubnet(found.address, found.bits, found.family);
  return LINK_LOCAL.some((known) => range.check(known, isIP(known) === 6 ? 'ipv6' : 'ipv4'));
}

function escape(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
