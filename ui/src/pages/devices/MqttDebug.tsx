/** What a device says over MQTT: its topics, the latest messages, and how its entities were announced. */

import { useState } from 'react';
import { mdiRefresh } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, IconButton, RelativeTime, Skeleton } from '@/components';
import { useCommand } from '@/data';
import styles from './Devices.module.css';

interface Message {
  payload: string;
  qos: number;
  retain: boolean;
  time: string;
  topic: string;
}
interface Topic {
  topic: string;
  messages: Message[];
}
interface Announced {
  topic: string;
  payload: unknown;
}
interface DebugInfo {
  entities: { entity_id: string; subscriptions: Topic[]; transmitted?: Topic[]; discovery_data: Announced }[];
  triggers: { discovery_data: Announced; trigger_key?: unknown }[];
}

function Messages({ topics }: { topics: readonly Topic[] }) {
  const { t } = useTranslation('devices');
  return topics.map((topic) => (
    <details key={topic.topic}>
      <summary className={styles.topic}>
        {topic.topic} ({topic.messages.length})
      </summary>
      {topic.messages.length === 0 && <p className={styles.quiet}>{t('mqtt.silent')}</p>}
      {[...topic.messages].reverse().map((message, index) => (
        <div key={`${message.time} ${index}`}>
          <span className={styles.quiet}>
            <RelativeTime at={message.time} /> · QoS {message.qos}
            {message.retain && ` · ${t('mqtt.retained')}`}
          </span>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long text scrolls, also with the keyboard */}
          <pre className={styles.payload} tabIndex={0}>
            {message.payload}
          </pre>
        </div>
      ))}
    </details>
  ));
}

function Shown({ announced }: { announced: Announced }) {
  const { t } = useTranslation('devices');
  return (
    <details>
      <summary>{t('mqtt.announced')}</summary>
      <p className={styles.topic}>{announced.topic}</p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above */}
      <pre className={styles.payload} tabIndex={0}>
        {JSON.stringify(announced.payload, null, 2)}
      </pre>
    </details>
  );
}

export function MqttDebug({ deviceId }: { deviceId: string }) {
  const { t } = useTranslation('devices');
  const [open, setOpen] = useState(false);
  const { data, error, loading, reload } = useCommand<DebugInfo>(open ? 'mqtt/device/debug_info' : null, { device_id: deviceId });
  return (
    <Card title={t('mqtt.title')} actions={open && <IconButton icon={mdiRefresh} label={t('mqtt.reload')} busy={loading} onPress={reload} />}>
      {!open && (
        <>
          <p className={styles.quiet}>{t('mqtt.text')}</p>
          <Button onPress={() => setOpen(true)}>{t('mqtt.show')}</Button>
        </>
      )}
      {error && <Banner kind="error">{error.message}</Banner>}
      {open && !data && !error && <Skeleton height={120} radius="var(--radius-m)" />}
      {open && data && (
        <div className={styles.debug}>
          {data.entities.map((entity) => (
            <details key={entity.entity_id}>
              <summary>{entity.entity_id}</summary>
              <h4>{t('mqtt.hears')}</h4>
              <Messages topics={entity.subscriptions} />
              {entity.transmitted && entity.transmitted.length > 0 && (
                <>
                  <h4>{t('mqtt.says')}</h4>
                  <Messages topics={entity.transmitted} />
                </>
              )}
              <Shown announced={entity.discovery_data} />
            </details>
          ))}
          {data.triggers.map((trigger) => (
            <details key={trigger.discovery_data.topic}>
              <summary>{t('mqtt.trigger')}</summary>
              <Shown announced={trigger.discovery_data} />
            </details>
          ))}
          {data.entities.length + data.triggers.length === 0 && <p className={styles.quiet}>{t('mqtt.none')}</p>}
        </div>
      )}
    </Card>
  );
}
