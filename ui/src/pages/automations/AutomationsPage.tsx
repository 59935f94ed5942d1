/** The list, the editor (`/automations/edit/<id>`, `new`), the traces (`/automations/trace/<id>`): by the address. */

import { lazy, Suspense } from 'react';
import { useParams } from 'wouter';
import { SkeletonPage } from '@/components';

const AutomationList = lazy(() => import('./list/AutomationList'));
const AutomationEditor = lazy(() => import('./editor/AutomationEditor'));
const AutomationTrace = lazy(() => import('./traces/AutomationTrace'));

export default function AutomationsPage() {
  const { what, id, run } = useParams<{ what?: string; id?: string; run?: string }>();
  return (
    <Suspense fallback={<SkeletonPage />}>
      {what === 'edit' && id ? (
        <AutomationEditor key={id} id={decodeURIComponent(id)} />
      ) : what === 'trace' && id ? (
        <AutomationTrace key={id} id={decodeURIComponent(id)} runId={run} />
      ) : (
        <AutomationList />
      )}
    </Suspense>
  );
}
