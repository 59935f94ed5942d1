import { describe, expect, it } from 'vitest';
import { saidIn, wordsFor } from './errorTexts';

const TEXTS = { 'component.select.exceptions.not_valid_option.message': '{option} ist keine Möglichkeit von {entity_id}.' };
const ERROR = { code: 'service_validation_error', message: 'no', translation_domain: 'select', translation_key: 'not_valid_option', translation_placeholders: { option: 'x', entity_id: 'select.a' } };

describe('refusals in the language of who looks', () => {
  it('are filled with the values that the server sent', () => {
    expect(wordsFor(saidIn(ERROR)!, TEXTS)).toBe('x ist keine Möglichkeit von select.a.');
  });

  it('stay as they are without a text, or without a value of it', () => {
    expect(wordsFor(saidIn(ERROR)!, {})).toBeNull();
    expect(wordsFor(saidIn({ ...ERROR, translation_placeholders: { option: 'x' } })!, TEXTS)).toBeNull();
  });

  it('are only those that name a text', () => {
    for (const error of [3, null, 'text', {}, { ...ERROR, translation_key: null }, { ...ERROR, translation_domain: '' }]) expect(saidIn(error)).toBeNull();
    expect(saidIn({ ...ERROR, translation_placeholders: null })?.values).toEqual({});
  });
});
