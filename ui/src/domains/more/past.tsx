import { lazy } from 'react';
import type { MoreInfoPart } from '@/components/MoreInfo';

export const part: MoreInfoPart = { order: 20, tab: 'past', fits: () => true, component: lazy(() => import('../_info/Past')) };
