/** The list, the editor (`/scripts/edit/<name>`, `new`), the traces (`/scripts/trace/<name>`): by the address. */

import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { SkeletonPage } from '@/components';
import { useScript } from './useScript';

const ScriptList = lazy(() => import('./ScriptList'));
const ScriptEditor = lazy(() => import('./ScriptEditor'));
const TracePage = lazy(() => import('../automations/traces/TracePage'));

export default function ScriptsPage() {
  useTranslation('automations'); // its parts are used here
  const { what, id, run } = useParams<{ what?: string; id?: string; run?: string }>();
  return (
    <Suspense fallback={<SkeletonPage />}>
      {what === 'edit' && id ? (
        <ScriptEditor key={id} id={decodeURIComponent(id)} />
      ) : what === 'trace' && id ? (
        <ScriptTrace key={id} id={decodeURIComponent(id)} runId={run} />
      ) : (
        <ScriptList />
      )}
    </Suspense>
  );
}

function ScriptTrace({ id, runId }: { id: string; runId: string | undefined }) {
  return <TracePage domain="script" itemId={id} entityId={useScript(id)} runId={runId} />;
}
