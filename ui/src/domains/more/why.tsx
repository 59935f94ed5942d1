import { lazy } from 'react';
import type { MoreInfoPart } from '@/components';

export const part: MoreInfoPart = { order: 30, fits: () => true, component: lazy(() => import('../../pages/why/WhyPart')) };
