import { useParams } from 'wouter';
import { AreaPage } from './AreaPage';
import { Overview } from './Overview';

export default function AreasPage() {
  const { id } = useParams<{ id?: string }>();
  return id ? <AreaPage key={id} areaId={decodeURIComponent(id)} /> : <Overview />;
}
