import type { TFunction } from 'i18next';
import type { Wait } from './types';

/** How far a question has come: it is being handled, comes next, or so many messages are ahead of it. */
export function queued(t: TFunction<'console'>, { message, ahead }: Pick<Wait, 'message' | 'ahead'>): string {
  if (!message) return t('waits.handled');
  return ahead === 0 ? t('waits.next', { message }) : t('waits.queued', { message, count: ahead });
}
