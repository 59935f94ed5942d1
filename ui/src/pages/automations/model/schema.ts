/** YAML as the server reads its files: 1.1 as Python's library takes it, with the tags of configurations. */

import type { CreateNodeOptions, DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags, ToStringOptions } from 'yaml';

/** What stands behind these is the server's: here they are texts with the tag in front. */
const OWN_TAGS = ['!secret', '!include', '!env_var', '!include_dir_list', '!include_dir_merge_list', '!include_dir_named', '!include_dir_merge_named'];
const TAGGED = new RegExp(`^(?:${OWN_TAGS.join('|')}) \\S`);
/** Read as texts: nothing here works with the objects that they would become. */
const AS_TEXT = /:(timestamp|binary|set|omap|pairs)$/;

const ownTag = (tag: string): ScalarTag => ({
  tag,
  identify: (value) => typeof value === 'string' && value.startsWith(`${tag} `) && TAGGED.test(value),
  resolve: (text) => `${tag} ${text}`,
  stringify: ({ value }) => String(value).slice(tag.length + 1),
});

/** Python's library takes a lone `y` for a letter, and `07:30:00` for a text. */
const NARROWER: Record<string, RegExp> = {
  true: /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
  false: /^(?:[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
  time: /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/,
};

const narrower = (tag: ScalarTag): ScalarTag => {
  if (tag.tag.endsWith(':bool')) return { ...tag, test: NARROWER[tag.test?.test('true') ? 'true' : 'false']! };
  if (tag.tag.endsWith(':int') && tag.format === 'TIME') return { ...tag, test: NARROWER.time! };
  return tag;
};

const customTags = (tags: Tags): Tags => [
  ...OWN_TAGS.map(ownTag),
  ...tags.filter((tag) => typeof tag === 'string' || !AS_TEXT.test(tag.tag)).map((tag) => (typeof tag === 'string' || 'collection' in tag ? tag : narrower(tag as ScalarTag))),
];

export const AS_FILES: ParseOptions & DocumentOptions & SchemaOptions = { schema: 'yaml-1.1', customTags };

/** How it is written: what any YAML takes for a truth value or a time is put in quotes. */
export const STYLE: ToStringOptions & CreateNodeOptions & DocumentOptions & SchemaOptions = { ...AS_FILES, lineWidth: 110, compat: 'yaml-1.1', aliasDuplicateObjects: false };

/** Whether a value, or anything in it, is said with a tag: only the server knows what it is. */
export function hasTag(value: unknown): boolean {
  if (typeof value === 'string') return TAGGED.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasTag);
}
