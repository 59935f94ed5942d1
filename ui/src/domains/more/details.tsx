import { lazy } from 'react';
import type { MoreInfoPart } from '@/components/MoreInfo';

export const part: MoreInfoPart = { order: 30, tab: 'details', fits: () => true, component: lazy(() => import('../_info/Details')) };
