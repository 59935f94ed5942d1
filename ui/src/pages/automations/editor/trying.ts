/** Trying one piece by itself: does the condition hold now, what does the action do. */

import { asApiError, type HomeSession } from '@/data/session';
import type { Piece } from '../model/types';

export interface Tried {
  is: 'true' | 'false' | 'done' | 'error';
  text?: string;
}

export async function testCondition(session: HomeSession, condition: Piece): Promise<Tried> {
  try {
    const { result } = await session.command<{ result: boolean | null }>('test_condition', { condition });
    return { is: result ? 'true' : 'false' };
  } catch (error) {
    return { is: 'error', text: asApiError(error).message };
  }
}

export async function runAction(session: HomeSession, action: Piece): Promise<Tried> {
  try {
    await session.command('execute_script', { sequence: [action] });
    return { is: 'done' };
  } catch (error) {
    return { is: 'error', text: asApiError(error).message };
  }
}
