import type { ValueSet } from '../../../src/iam/Request';
import { truthOfSet } from './truthOfSet';

describe('a condition on a key of which only a set of values is known', () => {
  it.each<[string, string[], ValueSet, boolean | 'open']>([
    ['StringEquals', ['own'], { like: '*', except: ['own'] }, false],
    ['StringNotEquals', ['own'], { like: '*', except: ['own'] }, true],
    ['StringEquals', ['own', 'admin'], { like: '*', except: ['own'] }, 'open'],
    ['StringLike', ['ow*'], { like: '*', except: ['own'] }, 'open'],
    ['StringLike', ['own'], { like: '*', except: ['own'] }, false],
    ['StringLike', ['*'], { like: '*', except: ['own'] }, true],
    ['StringLike', ['a:*'], { like: 'b:*', except: [] }, false],
    ['StringLike', ['a:*'], { like: 'a:b:*', except: [] }, true],
    ['StringLike', ['a:b:c*'], { like: 'a:*', except: ['a:b:*'] }, false],
    ['StringEqualsIgnoreCase', ['OWN'], { like: '*', except: ['own'] }, 'open'],
    ['StringEqualsIgnoreCase', ['OWN'], { like: '*', except: ['own'], lowerCase: true }, false],
    ['ArnLike', ['arn:aws:iam::1:role/*'], { like: 'arn:aws:iam::1:role/a*', except: [] }, true],
    ['ArnLike', ['arn:aws:iam::1:role/*'], { like: 'arn:aws:iam::2:*', except: [] }, false],
    ['ArnLike', ['*'], { like: 'arn:aws:iam::2:*', except: [] }, 'open'],
    ['ForAnyValue:StringEquals', ['own'], { like: '*', except: ['own'] }, false],
    ['ForAllValues:StringEquals', ['own'], { like: '*', except: ['own'] }, false],
    ['StringEqualsIfExists', ['own'], { like: '*', except: ['own'] }, false],
    ['Null', ['true'], { like: '*', except: [] }, false],
    ['StringEquals', ['own'], { like: 'own', except: [] }, true],
    ['StringEquals', ['ow*'], { like: '*', except: [], exceptTexts: ['ow*'] }, false],
    ['StringLike', ['ow*'], { like: '*', except: [], exceptTexts: ['ow*'] }, 'open'],
    ['StringLike', ['ow${*}'], { like: '*', except: [], exceptTexts: ['ow*'] }, false],
    ['StringLike', ['own'], { like: '*', except: [], exceptTexts: ['own'] }, false],
    ['StringEquals', ['OWN', 'ow*'], { like: '*', except: [], lowerCase: true }, false],
    ['StringEqualsIgnoreCase', ['OWN'], { like: 'own', except: [], lowerCase: true }, true],
    ['StringEqualsIgnoreCase', ['OWNED'], { like: 'Own*', except: [] }, 'open'],
    ['StringEquals', ['OWN'], { like: 'OWN', except: [] }, true],
    ['StringLike', ['own'], { like: 'own', except: [] }, true],
    ['StringEqualsIgnoreCase', ['OTHER'], { like: 'own*', except: [] }, false],
    // It matches as a whole, but not part by part.
    ['ArnLike', ['arn:aws:s:*:1:finance/*'], { like: 'arn:aws:s:r:9:store/abc:1:finance/x*', except: [] }, 'open'],
    // Operators whose values have no patterns are open for every set; without a wanted value nothing matches.
    ['NumericEquals', ['1'], { like: '*', except: [] }, 'open'],
    ['NumericEquals', [], { like: '*', except: [] }, false],
    ['NumericNotEquals', [], { like: '*', except: [] }, true],
    // A variable without a value can have any.
    ['StringLike', ['*', '${aws:none}'], { like: '*', except: [] }, true],
    ['StringLike', ['b', '${aws:none}'], { like: 'a*', except: [] }, 'open'],
    ['StringEquals', ['${aws:none}'], { like: 'a*', except: [] }, 'open'],
    ['Null', ['false'], { like: '*', except: [] }, true],
    ['Null', ['true', 'false'], { like: '*', except: [] }, true],
    ['Null', ['FALSE'], { like: '*', except: [] }, true],
  ])('%s %j of %j: %s', (operator, wanted, set, expected) => {
    expect(truthOfSet(operator, wanted, set)).toBe(expected);
  });
});
