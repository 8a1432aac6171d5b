import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import parseExpression from 'spdx-expression-parse';
import type { BundledPackage, PackageManifest } from './bundled-packages.ts';

const builder = new Contrib.FromNodePackageJson.Builders.ComponentBuilder(
  new Contrib.FromNodePackageJson.Factories.ExternalReferenceFactory(),
  new Contrib.License.Factories.LicenseFactory(parseExpression),
);

/** A CycloneDX bill of materials of the program, as JSON: what scanners read. The same for the same packages. */
export function billOfMaterials(program: PackageManifest, packages: readonly BundledPackage[]): string {
  const bom = new Models.Bom();
  const subject = componentOf(program, Enums.ComponentType.Application);
  bom.metadata.component = subject;
  for (const { manifest } of packages) {
    const component = componentOf(manifest, Enums.ComponentType.Library);
    bom.components.add(component);
    subject.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true })}\n`;
}

function componentOf(manifest: PackageManifest, type: Enums.ComponentType): Models.Component {
  const component = builder.makeComponent(manifest, type);
  if (component === undefined) throw new Error(`there is no name in the package.json of ${manifest.name}`);
  const purl = `pkg:npm/${manifest.name.replace('@', '%40')}@${manifest.version}`;
  component.purl = purl;
  component.bomRef.value = purl;
  return component;
}
