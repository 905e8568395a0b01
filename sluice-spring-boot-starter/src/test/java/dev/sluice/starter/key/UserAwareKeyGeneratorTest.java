package dev.sluice.starter.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

class UserAwareKeyGeneratorTest {

    private final StableKeyText keys = new StableKeyText();
    private final UserAwareKeyGenerator generator =
            new UserAwareKeyGenerator(List.of(new ArgumentUser(), new SecurityUser(), new RequestUser("X-User")));

    @AfterEach
    void forget() {
        SecurityContextHolder.clearContext();
        RequestContextHolder.resetRequestAttributes();
    }

    @Test
    void keysOfTwoUsersDiffer() {
        Principal alice = () -> "alice";
        Principal bob = () -> "bob";
        assertThat(text(alice, 7))
                .isNotEqualTo(text(bob, 7))
                .isEqualTo(text(alice, 7))
                .doesNotContain("alice");
        assertThat(text(alice, 7)).isNotEqualTo(text(alice, 8)).matches("user:[0-9a-f]{32}\\(integer:7\\)");
    }

    @Test
    void theUserIsThatOfTheSecurityContextOrTheRequest() {
        String alice = text((Principal) () -> "alice", 7);
        logIn(new UsernamePasswordAuthenticationToken("alice", "", AuthorityUtils.NO_AUTHORITIES));
        assertThat(text(7)).isEqualTo(alice);
        SecurityContextHolder.clearContext();

        MockHttpServletRequest request = new MockHttpServletRequest();
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
        request.addHeader("X-User", "alice");
        assertThat(text(7)).isEqualTo(alice);
        request.setUserPrincipal(() -> "bob");
        assertThat(text(7)).isEqualTo(text((Principal) () -> "bob", 7));
    }

    @Test
    void aHeaderThatIsNotConfiguredIsNotBelieved() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("X-User", "alice");
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
        assertThat(new RequestUser("").find(new Object[0])).isEmpty();
    }

    @Test
    void refusesWhereNobodyIsAuthenticated() {
        assertThatThrownBy(() -> text(7))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Principal");
        logIn(new AnonymousAuthenticationToken("key", "anonymous", AuthorityUtils.createAuthorityList("A")));
        assertThatThrownBy(() -> text(7)).isInstanceOf(IllegalStateException.class);
    }

    private static void logIn(Authentication authentication) {
        SecurityContextHolder.getContext().setAuthentication(authentication);
    }

    private String text(@Nullable Object... params) {
        return keys.textOf(generator.generate(this, method(), params));
    }

    private static Method method() {
        return UserAwareKeyGeneratorTest.class.getDeclaredMethods()[0];
    }
}
