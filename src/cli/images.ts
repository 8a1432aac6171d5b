import { Argument, Command } from 'commander';
import { finish } from './command-result.ts';
import { withExamples } from './examples.ts';

/** `podwright images`: reads facts from images and prints them for a policy. */
export function imagesCommand(): Command {
  const command = new Command('images')
    .description(
      'read user, setuid programs, file capabilities and shell of images; print them for `images` of a policy',
    )
    .addArgument(
      new Argument(
        '<image...>',
        'archives of docker save, OCI layouts (archive or directory), or images in a registry',
      ),
    )
    .action(async (images: string[]) => {
      const { runImages } = await import('./run-images.ts');
      finish(await runImages(images));
    });
  withExamples(command, [
    ['docker save shop/web:2.1 > web.tar && podwright images web.tar', 'an image of the Docker on this machine'],
    ['podwright images registry.example/shop/web:2.1', 'an image in a registry, by skopeo or crane'],
  ]);
  return command;
}
