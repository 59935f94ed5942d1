/** A text in Markdown, with templates that the server renders. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Card } from '@/components/Card';
import { Markdown } from '@/components/Markdown';
import { useSubscription } from '@/data/hooks';
import type { CardModule } from '@/lovelace/host';
import { type CardConfig, text } from '@/lovelace/types';

export const form: CardModule['form'] = [
  { name: 'title', selector: { text: {} } },
  { name: 'content', selector: { template: {} }, required: true },
];
export const stub: CardModule['stub'] = () => ({ content: '**Hello** {{ user }}' });

export default function MarkdownCard({ config }: { config: CardConfig }) {
  const { t } = useTranslation('cards');
  const content = text(config.content) ?? '';
  const isTemplate = /\{\{|\{%|\{#/.test(content);
  const [rendered, setRendered] = useState<{ of: string; result?: string; error?: string } | null>(null);
  const refused = useSubscription<{ result?: unknown; error?: string }>(isTemplate ? { type: 'render_template', template: content, strict: true, report_errors: true, variables: { config } } : null, (event) =>
    setRendered({ of: content, ...(event.error !== undefined ? { error: event.error } : { result: String(event.result ?? '') }) }),
  );
  const now = rendered?.of === content ? rendered : null;
  const title = text(config.title);
  const problem = refused?.message ?? now?.error;
  return (
    <Card {...(title ? { title } : {})}>
      {problem && <Banner kind="error" title={t('template')}>{problem}</Banner>}
      <Markdown text={isTemplate ? (now?.result ?? '') : content} />
    </Card>
  );
}
