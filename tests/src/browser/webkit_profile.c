/* Gives a driven MiniBrowser a store that outlives it, and a language.
 *
 * MiniBrowser asks for an ephemeral store whenever a WebDriver drives it. The stories end browsers
 * in the middle of the work and look for it afterwards, so this answers with one that lies in a
 * folder. Its language is otherwise that of an installed locale of the machine.
 * Loaded with LD_PRELOAD; WebKitGTK itself is unchanged. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

void *webkit_website_data_manager_new(const char *first_option, ...);
void webkit_web_context_set_preferred_languages(void *context, const char *const *languages);

void *webkit_website_data_manager_new_ephemeral(void)
{
    const char *profile = getenv("RELAIS_WEBKIT_PROFILE");
    return webkit_website_data_manager_new("base-data-directory", profile,
                                           "base-cache-directory", profile, NULL);
}

/* The one call that MiniBrowser makes on the context before its first page. */
void webkit_web_context_set_automation_allowed(void *context, int allowed)
{
    void (*original)(void *, int) =
        (void (*)(void *, int))dlsym(RTLD_NEXT, "webkit_web_context_set_automation_allowed");
    const char *languages[] = { getenv("RELAIS_WEBKIT_LANGUAGE"), NULL };
    webkit_web_context_set_preferred_languages(context, languages);
    original(context, allowed);
}
