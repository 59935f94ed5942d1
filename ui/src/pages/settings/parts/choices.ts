/** What can be chosen from: time zones, currencies and countries, by their names in one's language. */

import type { Option } from '@/components';

/** ISO 3166 alpha-2: browsers know the names, but do not list them. */
const COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'.split(' ');
/** Those of people who look after a home; the server takes any. */
const LANGUAGES = 'af ar bg bn bs ca cs cy da de el en en-GB eo es es-419 et eu fa fi fr fy ga gl he hi hr hu hy id is it ja ka ko lb lt lv mk ml nb nl nn pl pt pt-BR ro ru sk sl sq sr sv ta te th tr uk ur vi zh-Hans zh-Hant'.split(' ');

function named(codes: readonly string[], type: Intl.DisplayNamesType, language: string): Option[] {
  const names = new Intl.DisplayNames([language], { type });
  const collator = new Intl.Collator(language);
  return codes.map((value) => ({ value, label: names.of(value) ?? value, text: value })).sort((a, b) => collator.compare(a.label, b.label));
}

export const countries = (language: string): Option[] => named(COUNTRIES, 'region', language);
export const currencies = (language: string): Option[] => named(Intl.supportedValuesOf('currency'), 'currency', language);
export const languages = (language: string): Option[] => named(LANGUAGES, 'language', language);

/** `Europe/Berlin`, with the hours from UTC below. */
export function timeZones(present: string, at = new Date()): Option[] {
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', present]);
  return [...zones].sort().map((value) => ({ value, label: value.replaceAll('_', ' '), text: offset(value, at) }));
}

function offset(timeZone: string, at: Date): string {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  } catch {
    return ''; // a zone that the server knows and this browser does not
  }
}
