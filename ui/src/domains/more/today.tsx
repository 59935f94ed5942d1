import { lazy } from 'react';
import type { MoreInfoPart } from '@/components/MoreInfo';
import { domainOf } from '@/data/words';

/** States that are moments, pictures or lists have no course. */
const WITHOUT = new Set(['scene', 'button', 'input_button', 'event', 'image', 'camera', 'calendar', 'todo', 'update', 'weather', 'notify', 'stt', 'tts', 'conversation', 'zone', 'tag', 'sun', 'script', 'ai_task', 'wake_word']);

export const part: MoreInfoPart = { order: 10, fits: (entity) => !WITHOUT.has(domainOf(entity.entity_id)), component: lazy(() => import('../_info/Today')) };
